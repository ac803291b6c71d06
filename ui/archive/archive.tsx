import type { ArchiveView } from '../../protocol/api/archive.ts';
import { showDayAndTime } from '../shared/clock.ts';
import { LanguageSwitch } from '../shared/components/language-switch.tsx';
import { LeaveButton } from '../shared/components/leave-button.tsx';
import { SearchBox } from '../shared/components/search-box.tsx';
import { FreshnessMark, StatusDot } from '../shared/components/status.tsx';
import { language, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { ActDetails, Acts } from './acts.tsx';
import { CaseDetails } from './case-details.tsx';
import { Cases } from './cases.tsx';
import { me, overview, showCase, type shows, tab } from './store.ts';

/** What is kept, for how long, who looked at it, and the acts over it. */
export function Archive() {
  return (
    <div class="archive">
      <ArchiveHead />
      <main class="archive-main">
        <div class="archive-tools">
          <div class="tabs" role="tablist" aria-label={t('archive.title')}>
            {(['cases', 'acts'] as const).map(each => (
              <button
                key={each}
                type="button"
                role="tab"
                aria-selected={tab.value === each}
                onClick={() => {
                  tab.value = each;
                }}
              >
                {t(`archive.${each}`)}
              </button>
            ))}
          </div>
          <SearchBox
            onChoose={hit => {
              tab.value = 'cases';
              showCase(hit.caseId);
            }}
          />
        </div>
        {tab.value === 'cases' ? <Cases /> : <Acts />}
      </main>
      <aside class="archive-side">{tab.value === 'cases' ? <CaseDetails /> : <ActDetails />}</aside>
    </div>
  );
}

function ArchiveHead() {
  const view = heldValue(overview);
  return (
    <header class="archive-head">
      <div class="archive-name">
        <h1>{t('archive.title')}</h1>
        {view && <ScrubLine view={view} />}
      </div>
      <dl class="totals">
        <Total of="all" value={view?.kept} name={t('archive.kept')} />
        <Total of="open" value={view?.open} />
        <Total of="due" value={view?.due} />
        <Total of="held" value={view?.held} />
        <Total of="permanent" value={view?.permanent} />
        <Total of="destroyed" value={view?.destroyed} />
      </dl>
      <div class="archive-me">
        <span>{me()?.name}</span>
        <FreshnessMark />
        <div>
          {me()?.role !== 'archivist' && <a href="/operator">{t('archive.to-region')}</a>}
          <LanguageSwitch />
          <LeaveButton />
        </div>
      </div>
    </header>
  );
}

/** How far the look at digests and signatures is, and what it found. */
function ScrubLine({ view: { scrub, kept, handedOver } }: { view: ArchiveView }) {
  if (scrub.oldest === null) return <p>{t('archive.scrub-none')}</p>;
  const count = { checked: scrub.checked, total: kept + handedOver, time: showDayAndTime(scrub.oldest) };
  return (
    <p>
      {t('archive.scrub', count)}{' '}
      <StatusDot tone={scrub.failed > 0 ? 'trouble' : 'serving'}>
        {scrub.failed > 0 ? t('archive.scrub-failed', { count: scrub.failed }) : t('archive.scrub-fine')}
      </StatusDot>
    </p>
  );
}

function Total({
  of,
  value,
  name,
}: {
  of: (typeof shows)[number];
  value: number | undefined;
  name?: string;
}) {
  return (
    <div>
      <dd class="figures">{value?.toLocaleString(language.value === 'ru' ? 'ru-RU' : 'en-GB') ?? '…'}</dd>
      <dt>{name ?? t(`archive.show.${of}`).toLocaleLowerCase()}</dt>
    </div>
  );
}
