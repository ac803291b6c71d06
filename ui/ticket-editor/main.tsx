import './editor.css';
import { LoginGate } from '../shared/components/login.tsx';
import { rememberLanguage, t } from '../shared/language.ts';
import { startPage } from '../shared/page.tsx';
import { startSession } from '../shared/session.ts';
import { Editor } from './editor.tsx';
import { isEdited, saved } from './store.ts';

function Page() {
  return (
    <LoginGate title={t('ticket-editor.title')} forRole="technician">
      <Editor />
    </LoginGate>
  );
}

rememberLanguage();
startPage(<Page />);
// The browser asks before edits are left behind.
addEventListener('beforeunload', event => {
  if (isEdited.value) event.preventDefault();
});
void startSession(() => void saved.refresh());
