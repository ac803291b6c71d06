import './ticket.css';
import { rememberLanguage } from '../shared/language.ts';
import { startPage } from '../shared/page.tsx';
import { branch, refreshAll } from './store.ts';
import { TicketPage } from './ticket-page.tsx';

rememberLanguage();
startPage(<TicketPage />);
refreshAll();
// Phones close quiet connections; looking again is cheap and also moves the told wait.
setInterval(refreshAll, 10_000);
addEventListener('visibilitychange', () => document.visibilityState === 'visible' && refreshAll());
setInterval(() => branch.held.value.kind === 'failed' && void branch.refresh(), 5_000);
