import './operator.css';
import { LoginGate } from '../shared/components/login.tsx';
import { rememberLanguage, t } from '../shared/language.ts';
import { startPage } from '../shared/page.tsx';
import { session, startSession } from '../shared/session.ts';
import { Operator } from './operator.tsx';
import { refreshAll } from './store.ts';

function Page() {
  return (
    <LoginGate title={t('operator.title')} forRole={['operator', 'auditor']}>
      <Operator />
    </LoginGate>
  );
}

rememberLanguage();
startPage(<Page />);
void startSession(refreshAll);
// Figures of a region move by themselves (links grow old without an event).
setInterval(() => session.value.state === 'in' && !session.value.lost && refreshAll(), 10_000);
