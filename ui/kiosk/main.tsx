import './kiosk.css';
import { restartAfterFault, startPage } from '../shared/page.tsx';
import { followPreferences } from '../shared/preferences.ts';
import { startIdleWatch } from './idle.ts';
import { Kiosk } from './kiosk.tsx';
import { branch, register } from './store.ts';

followPreferences();
restartAfterFault();
startPage(<Kiosk />);
startIdleWatch();
void branch.refresh();
void register.refresh();
// Waiting times change by themselves; an event comes only with a ticket.
setInterval(() => void branch.refresh(), 30_000);
setInterval(() => register.held.value.kind === 'failed' && void register.refresh(), 5_000);
