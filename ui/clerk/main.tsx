import './clerk.css';
import { LoginGate } from '../shared/components/login.tsx';
import { rememberLanguage, t } from '../shared/language.ts';
import { startPage } from '../shared/page.tsx';
import { startSession } from '../shared/session.ts';
import { Clerk } from './clerk.tsx';
import { refreshAll } from './store.ts';

function Page() {
  return (
    <LoginGate title={t('clerk.title')} forRole="clerk">
      <Clerk />
    </LoginGate>
  );
}

rememberLanguage();
startPage(<Page />);
void startSession(refreshAll);
