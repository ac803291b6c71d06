import './trainer.css';
import { LoginGate } from '../shared/components/login.tsx';
import { rememberLanguage, t } from '../shared/language.ts';
import { startPage } from '../shared/page.tsx';
import { startSession } from '../shared/session.ts';
import { isEdited, start } from './store.ts';
import { Trainer } from './trainer.tsx';

function Page() {
  return (
    <LoginGate title={t('trainer.title')} forRole="technician">
      <Trainer />
    </LoginGate>
  );
}

rememberLanguage();
startPage(<Page />);
// The browser asks before edits are left behind.
addEventListener('beforeunload', event => {
  if (isEdited.value) event.preventDefault();
});
void startSession(() => void start());
