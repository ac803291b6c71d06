import './archive.css';
import { LoginGate } from '../shared/components/login.tsx';
import { rememberLanguage, t } from '../shared/language.ts';
import { startPage } from '../shared/page.tsx';
import { startSession } from '../shared/session.ts';
import { Archive } from './archive.tsx';
import { refreshAll } from './store.ts';

function Page() {
  return (
    <LoginGate title={t('archive.title')} forRole={['archivist', 'operator', 'auditor']}>
      <Archive />
    </LoginGate>
  );
}

rememberLanguage();
startPage(<Page />);
void startSession(refreshAll);
