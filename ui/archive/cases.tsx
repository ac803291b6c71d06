import { useEffect } from 'preact/hooks';
import type { ArchiveCaseLine } from '../../protocol/api/archive.ts';
import { showFullDay } from '../shared/clock.ts';
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

function List({ lines }: { lines: ArchiveCaseLine[] }) {
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('archive.col.case')}</th>
            <th scope="col">{t('archive.col.state')}</th>
            <th scope="col">{t('archive.col.service')}</th>
            <th scope="col">{t('archive.col.handed-out')}</th>
            <th scope="col">{t('archive.col.until')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(line => (
            <tr key={line.caseId} class={line.caseId === caseId.value ? 'chosen' : ''}>
              <th scope="row">
                <button
                  type="button"
                  class="link"
                  aria-pressed={line.caseId === caseId.value}
                  onClick={() => showCase(line.caseId)}
                >
                  {line.number}
                </button>
              </th>
              <td>
                <CaseState line={line} />
              </td>
              <td>{inLanguage(line.serviceTitle)}</td>
              <td>
                {line.handedOutAt === null ? t('archive.not-handed-out') : showFullDay(line.handedOutAt)}
              </td>
              <td>
                <Until line={line} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

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
