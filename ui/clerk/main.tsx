import './clerk.css';
import { LoginGate } from '../shared/components/login.tsx';
import { HubNotice, hub } from '../shared/hub.tsx';
import { rememberLanguage, t } from '../shared/language.ts';
import { startPage } from '../shared/page.tsx';
import { startSession } from '../shared/session.ts';
import { Clerk } from './clerk.tsx';
import { refreshAll } from './store.ts';

function Page() {
  return (
    <LoginGate title={t('clerk.title')} forRole="clerk">
      <Clerk />
      <HubNotice page="/clerk" />
    </LoginGate>
  );
}

rememberLanguage();
startPage(<Page />);
void hub.refresh();
void startSession(refreshAll);
