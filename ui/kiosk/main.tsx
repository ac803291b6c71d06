import './kiosk.css';
import { effect } from '@preact/signals';
import { hub } from '../shared/hub.tsx';
import { restartAfterFault, startPage } from '../shared/page.tsx';
import { followPreferences } from '../shared/preferences.ts';
import { renewWhenBack } from '../shared/renew.ts';
import { heldValue } from '../shared/resource.ts';
import { boxSpeaks } from '../shared/speech.ts';
import { ignoreSecondTouch } from './double-touch.ts';
import { startIdleWatch } from './idle.ts';
import { Kiosk } from './kiosk.tsx';
import { readScreens } from './reading.ts';
import { watchScanner } from './scanned-codes.ts';
import { currentScreen } from './screens.ts';
import { stayInside } from './stay-inside.ts';
import { branch, hall, register, screens } from './store.ts';

stayInside();
ignoreSecondTouch();
watchScanner();
followPreferences();
restartAfterFault();
renewWhenBack(() => currentScreen().name === 'attract');
startPage(<Kiosk />, 'kiosk');
startIdleWatch();
readScreens();
for (const view of [branch, register, hall, screens, hub]) void view.refresh();
effect(() => {
  boxSpeaks.value = heldValue(screens)?.voice ?? false;
});
// Waiting times change by themselves; an event comes only with a ticket.
setInterval(() => void branch.refresh(), 30_000);
setInterval(() => {
  for (const view of [register, hall, screens]) if (view.held.value.kind === 'failed') void view.refresh();
}, 5_000);
