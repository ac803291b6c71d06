import type { ComponentChildren } from 'preact';
import { t } from '../language.ts';
import { LanguageSwitch } from './language-switch.tsx';
import { LeaveButton } from './leave-button.tsx';

const pages = {
  technician: 'tech.title',
  'ticket-editor': 'ticket-editor.title',
  trainer: 'trainer.title',
  forecast: 'forecast.title',
} as const;
type TechnicianPage = keyof typeof pages;

/** The head of the technician's pages: what is special to one, and the way to the others. */
export function TechnicianHead({ page, children }: { page: TechnicianPage; children?: ComponentChildren }) {
  const others = (Object.keys(pages) as TechnicianPage[]).filter(each => each !== page);
  return (
    <header class="tool-head">
      <h1>{t(pages[page])}</h1>
      <div class="tool-head-middle">{children}</div>
      <nav aria-label={t('tech.pages')}>
        {others.map(each => (
          <a key={each} href={`/${each}`}>
            {t(pages[each])}
          </a>
        ))}
      </nav>
      <LanguageSwitch />
      <LeaveButton />
    </header>
  );
}
