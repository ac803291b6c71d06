import './ticket.css';
import { rememberLanguage } from '../shared/language.ts';
import { startPage } from '../shared/page.tsx';
import { branch, hall, refreshAll, screens } from './store.ts';
import { TicketPage } from './ticket-page.tsx';

rememberLanguage(['ru', 'en', 'tt']);
startPage(<TicketPage />);
refreshAll();
for (const view of [hall, screens]) void view.refresh();
// Phones close quiet connections; looking again is cheap and also moves the told wait.
setInterval(refreshAll, 10_000);
addEventListener('visibilitychange', () => document.visibilityState === 'visible' && refreshAll());
setInterval(() => {
  for (const view of [branch, hall, screens]) if (view.held.value.kind === 'failed') void view.refresh();
}, 5_000);
