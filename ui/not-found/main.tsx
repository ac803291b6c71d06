import '../ticket/ticket.css';
import { LanguageSwitch } from '../shared/components/language-switch.tsx';
import { rememberLanguage, t } from '../shared/language.ts';
import { startPage } from '../shared/page.tsx';

/** What a person sees at an address where there is nothing; programs are answered with the error itself. */
function NotFound() {
  return (
    <div class="phone">
      <header class="phone-head">
        <p>{t('page.product')}</p>
        <LanguageSwitch />
      </header>
      <main>
        <article class="phone-card state-no-show">
          <div class="phone-state">
            <h1 class="check-verdict">{t('page.not-found')}</h1>
            <p>{t('page.not-found-how')}</p>
            <p class="notice-code">{t('page.code', { code: 'internal.not-found' })}</p>
          </div>
        </article>
      </main>
    </div>
  );
}

rememberLanguage();
startPage(<NotFound />);
