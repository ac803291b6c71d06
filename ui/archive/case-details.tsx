import { useState } from 'preact/hooks';
import type { ArchiveCaseView, ArchiveEntryView, HoldView } from '../../protocol/api/archive.ts';
import type { ApiError } from '../../protocol/api/common.ts';
import { post, saveFile } from '../shared/api.ts';
import { showDayAndTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Evidence } from '../shared/components/evidence.tsx';
import { HistoryList } from '../shared/components/history-list.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { Empty, Loaded } from '../shared/components/states.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { showSize } from '../shared/size.ts';
import { CaseState, Until } from './cases.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import { caseId, keepsArchive, openCase, refreshAll } from './store.ts';
import { showTerm } from './term.ts';

/** One case: its entries, holds, who looked, and what the archive did. */
export function CaseDetails() {
  if (caseId.value === null) return <Empty icon="page">{t('archive.choose')}</Empty>;
  return (
    <section class="archive-panel" aria-label={t('archive.col.case')}>
      <Loaded held={openCase.held.value} onRetry={() => void openCase.refresh()} rows={8}>
        {view => <Details view={view} key={view.caseId} />}
      </Loaded>
    </section>
  );
}

function Details({ view }: { view: ArchiveCaseView }) {
  return (
    <div class="details">
      <header>
        <h2>{t('clerk.case-number', { number: view.number })}</h2>
        <p>{inLanguage(view.serviceTitle)}</p>
      </header>
      <dl class="details-facts">
        <div>
          <dt>{t('archive.col.state')}</dt>
          <dd>
            <CaseState line={view} />
          </dd>
        </div>
        <div>
          <dt>{t('archive.term')}</dt>
          <dd>
            {showTerm(view.retention)}
            {view.handedOutAt === null && view.retention !== 'permanent' && (
              <small>{t('archive.after-hand-out')}</small>
            )}
          </dd>
        </div>
        {view.keepUntil !== null && (
          <div>
            <dt>{t('archive.col.until')}</dt>
            <dd>
              <Until line={view} />
            </dd>
          </div>
        )}
      </dl>
      {view.entries.map(entry => (
        <Entry key={entry.sha256} caseId={view.caseId} entry={entry} />
      ))}
      <Holds view={view} />
      <h3>{t('archive.looks')}</h3>
      {view.looks.length === 0 ? (
        <p class="quiet">{t('archive.no-looks')}</p>
      ) : (
        <HistoryList lines={view.looks} />
      )}
      {view.history.length > 0 && (
        <>
          <h3>{t('archive.history')}</h3>
          <HistoryList lines={view.history} />
        </>
      )}
    </div>
  );
}

type LookAt = 'original' | 'readable' | 'with-evidence';

function Entry({ caseId, entry }: { caseId: string; entry: ArchiveEntryView }) {
  const [asked, setAsked] = useState<LookAt | null>(null);
  const path = (what: string, why = '') =>
    `/api/archive/cases/${caseId}/${entry.sha256}/${what}${why && `?why=${encodeURIComponent(why)}`}`;
  const { copy } = entry;
  const [refused, setRefused] = useState<ApiError | null>(null);
  /** What is made on the way may not come: then the page says why. */
  const give = async (what: LookAt, why = '') => {
    if (what === 'with-evidence') return await saveFile(path(what, why), `${entry.sha256}.lta.asice`);
    open(path(what, why), '_blank');
    return null;
  };
  const read = (what: LookAt) => {
    if (keepsArchive()) void give(what).then(setRefused);
    else setAsked(what);
  };
  return (
    <article class="entry">
      <h3>{t(`archive.kind.${entry.kind}`)}</h3>
      <p class="quiet">
        {showSize(entry.sizeBytes)} · {t('archive.kept-at', { time: showDayAndTime(entry.keptAt) })}
      </p>
      <p class="digest">{entry.sha256}</p>
      {entry.state === 'destroyed' ? (
        <p>{t('archive.destroyed-by', { act: entry.act ?? 0 })}</p>
      ) : (
        <>
          {entry.error ? (
            <Notice error={entry.error} tone="trouble" />
          ) : (
            <p class="quiet">
              {entry.checkedAt === null
                ? t('archive.not-checked')
                : t('archive.checked', { time: showDayAndTime(entry.checkedAt) })}
            </p>
          )}
          {copy.state === 'failed' && <Notice error={copy.error} />}
          <div class="entry-actions">
            {copy.state === 'made' && (
              <Button kind="primary" onPress={() => read('readable')}>
                {`${t('archive.read-copy')}, ${t('archive.copy-pages', { count: copy.pages })}`}
              </Button>
            )}
            <Button onPress={() => read('original')}>{t('archive.read-original')}</Button>
          </div>
          {copy.state === 'waiting' && <p class="quiet">{t('archive.copy-waiting')}</p>}
        </>
      )}
      <Evidence
        sha256={entry.sha256}
        onWhole={entry.state === 'destroyed' ? undefined : () => read('with-evidence')}
      />
      {refused && <Notice error={refused} />}
      {asked && (
        <ReasonDialog
          title={t('archive.look-title')}
          hint={t('archive.reason-look')}
          action={t('archive.open')}
          onGive={why => give(asked, why)}
          onClose={() => setAsked(null)}
        />
      )}
    </article>
  );
}

function Holds({ view }: { view: ArchiveCaseView }) {
  const [placing, setPlacing] = useState(false);
  const isGone = view.state === 'destroyed';
  return (
    <section class="holds">
      <h3>{t('archive.holds')}</h3>
      {view.holds.length === 0 && <p class="quiet">{t('archive.no-holds')}</p>}
      <ul>
        {view.holds.map(hold => (
          <Hold key={hold.number} hold={hold} />
        ))}
      </ul>
      {keepsArchive() && !isGone && (
        <div class="entry-actions">
          <Button onPress={() => setPlacing(true)}>{t('archive.hold-place')}</Button>
        </div>
      )}
      {placing && (
        <ReasonDialog
          title={t('archive.hold-place')}
          action={t('archive.hold-place')}
          onGive={async reason => {
            const answer = await post<ArchiveCaseView>(`/api/archive/cases/${view.caseId}/holds`, { reason });
            if (answer.ok && caseId.value === view.caseId) openCase.set(answer.value);
            return answer.ok ? null : answer.error;
          }}
          onClose={() => setPlacing(false)}
        />
      )}
    </section>
  );
}

function Hold({ hold }: { hold: HoldView }) {
  const [lifting, setLifting] = useState(false);
  const { lifted } = hold;
  return (
    <li class={lifted ? 'lifted' : ''}>
      <p>{hold.reason}</p>
      <small>{t('archive.hold-by', { who: hold.placedBy, time: showDayAndTime(hold.placedAt) })}</small>
      {lifted && (
        <small>
          {t('archive.hold-lifted', {
            ...{ reason: lifted.reason, who: lifted.by, time: showDayAndTime(lifted.at) },
          })}
        </small>
      )}
      {!lifted && keepsArchive() && (
        <Button kind="quiet" onPress={() => setLifting(true)}>
          {t('archive.hold-lift')}
        </Button>
      )}
      {lifting && (
        <ReasonDialog
          title={t('archive.hold-lift')}
          action={t('archive.hold-lift')}
          onGive={async reason => {
            const answer = await post(`/api/archive/holds/${hold.number}/lift`, { reason });
            refreshAll();
            return answer.ok ? null : answer.error;
          }}
          onClose={() => setLifting(false)}
        />
      )}
    </li>
  );
}
