import './hall.css';
import { LoginGate } from '../shared/components/login.tsx';
import { HubNotice, hub } from '../shared/hub.tsx';
import { rememberLanguage, t } from '../shared/language.ts';
import { startPage } from '../shared/page.tsx';
import { session, startSession } from '../shared/session.ts';
import { HallPage } from './hall-page.tsx';
import { refreshAll } from './store.ts';

/** `/hall`: the administrator of the hall. */
function Page() {
  return (
    <LoginGate title={t('hall.title')} forRole="hall">
      <HallPage />
      <HubNotice page="/hall" />
    </LoginGate>
  );
}

rememberLanguage();
startPage(<Page />);
void hub.refresh();
void startSession(refreshAll);
// Waits grow without an event.
setInterval(() => session.value.state === 'in' && !session.value.lost && refreshAll(), 20_000);
