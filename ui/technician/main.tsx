import './technician.css';
import { LoginGate } from '../shared/components/login.tsx';
import { rememberLanguage, t } from '../shared/language.ts';
import { startPage } from '../shared/page.tsx';
import { startSession } from '../shared/session.ts';
import { keepFresh, refreshAll } from './store.ts';
import { Technician } from './technician.tsx';

function Page() {
  return (
    <LoginGate title={t('tech.title')} forRole="technician">
      <Technician />
    </LoginGate>
  );
}

rememberLanguage();
startPage(<Page />);
void startSession(refreshAll);
keepFresh();
