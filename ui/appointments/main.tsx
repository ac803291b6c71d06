import './appointments.css';
import { Button } from '../shared/components/button.tsx';
import { LanguageSwitch } from '../shared/components/language-switch.tsx';
import { rememberLanguage, t } from '../shared/language.ts';
import { startPage } from '../shared/page.tsx';
import { BookForm } from './book-form.tsx';
import { CodeForm, Shown } from './shown.tsx';
import { appointment, branches, type Mode, mode, trouble } from './store.ts';

/** `/appointments` of the centre: for people at home, and for operators who book for a caller. */
function AppointmentsPage() {
  const shown = mode.value === 'shown' ? appointment.value : null;
  return (
    <div class="phone appointments">
      <header class="phone-head">
        <h1>{t('appointments.title')}</h1>
        <LanguageSwitch />
      </header>
      {!shown && (
        <div class="modes">
          <ModeButton to="book" />
          <ModeButton to="code" />
        </div>
      )}
      <main>
        {shown && <Shown view={shown} />}
        {mode.value === 'book' && <BookForm />}
        {mode.value === 'code' && <CodeForm />}
      </main>
    </div>
  );
}

function ModeButton({ to }: { to: Mode }) {
  return (
    <Button
      pressed={mode.value === to}
      onPress={() => {
        mode.value = to;
        trouble.value = null;
      }}
    >
      {t(to === 'book' ? 'appointments.new' : 'appointments.have-code')}
    </Button>
  );
}

rememberLanguage();
startPage(<AppointmentsPage />);
void branches.refresh();
