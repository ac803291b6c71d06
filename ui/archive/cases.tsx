import { useEffect } from 'preact/hooks';
import type { ArchiveCaseLine } from '../../protocol/api/archive.ts';
import { showFullDay } from '../shared/clock.ts';
import { CaseTable } from '../shared/components/case-table.tsx';
import { Empty, Loaded } from '../shared/components/states.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { caseId, cases, number, show, showCase, shows } from './store.ts';
import { showDay, showTerm } from './term.ts';

const typingMs = 250;

/** Cases by what becomes of them. */
export function Cases() {
  useEffect(() => {
    const timer = setTimeout(() => void cases.refresh(), typingMs);
    return () => clearTimeout(timer);
  }, [show.value, number.value]);
  return (
    <section class="archive-panel" aria-label={t('archive.cases')}>
      <div class="archive-filter">
        <fieldset>
          <legend class="visually-hidden">{t('archive.filter')}</legend>
          {shows.map(each => (
            <button
              key={each}
              type="button"
              class="chip"
              aria-pressed={show.value === each}
              onClick={() => {
                show.value = each;
              }}
            >
              {t(`archive.show.${each}`)}
            </button>
          ))}
        </fieldset>
        <input
          class="input"
          type="search"
          autocomplete="off"
          maxLength={40}
          placeholder={t('archive.number')}
          aria-label={t('archive.number')}
          value={number.value}
          onInput={event => {
            number.value = event.currentTarget.value;
          }}
        />
      </div>
      <Loaded held={cases.held.value} onRetry={() => void cases.refresh()} rows={8}>
        {lines =>
          lines.length === 0 ? <Empty icon="page">{t('archive.cases-empty')}</Empty> : <List lines={lines} />
        }
      </Loaded>
    </section>
  );
}

const List = ({ lines }: { lines: ArchiveCaseLine[] }) => (
  <CaseTable
    lines={lines}
    chosen={caseId.value}
    onChoose={showCase}
    numberTitle="archive.col.case"
    columns={[
      ['archive.col.state', line => <CaseState line={line} />],
      ['archive.col.service', line => inLanguage(line.serviceTitle)],
      [
        'archive.col.handed-out',
        line => (line.handedOutAt === null ? t('archive.not-handed-out') : showFullDay(line.handedOutAt)),
      ],
      ['archive.col.until', line => <Until line={line} />],
    ]}
  />
);

export function CaseState({ line }: { line: ArchiveCaseLine }) {
  if (line.failed) return <StatusDot tone="trouble">{t('archive.state.failed')}</StatusDot>;
  if (line.held) return <StatusDot tone="attention">{t('archive.state.held')}</StatusDot>;
  const tone = { kept: 'serving', 'handed-over': 'waiting', destroyed: 'info' } as const;
  return <StatusDot tone={tone[line.state]}>{t(`archive.state.${line.state}`)}</StatusDot>;
}

export function Until({ line }: { line: ArchiveCaseLine }) {
  if (line.retention === 'permanent') return <>{t('archive.for-good')}</>;
  if (line.keepUntil !== null) return <span class="figures">{showDay(line.keepUntil)}</span>;
  return (
    <>
      {showTerm(line.retention)}
      <small>{t('archive.after-hand-out')}</small>
    </>
  );
}
