import { useState } from 'preact/hooks';
import type { ActLine, ActView } from '../../protocol/api/archive.ts';
import type { ApiError } from '../../protocol/api/common.ts';
import { post } from '../shared/api.ts';
import { showDayAndTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Ask } from '../shared/components/dialog.tsx';
import { Message, Notice } from '../shared/components/notice.tsx';
import { Empty, Loaded } from '../shared/components/states.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { showSize } from '../shared/size.ts';
import { ReasonDialog } from './reason-dialog.tsx';
import { actNumber, acts, keepsArchive, me, openAct, refreshAll, showAct } from './store.ts';
import { showDay } from './term.ts';

const tones = { prepared: 'attention', approved: 'waiting', rejected: 'info', done: 'serving' } as const;
const titleOf = ({ kind, number }: ActLine) =>
  t('archive.act-title', { kind: t(`archive.act.${kind}`), number });

/** Destruction acts and lists for the state archive. */
export function Acts() {
  const [kind, setKind] = useState<ActLine['kind'] | null>(null);
  return (
    <section class="archive-panel" aria-label={t('archive.acts')}>
      {keepsArchive() && (
        <div class="entry-actions">
          {(['destruction', 'hand-over'] as const).map(each => (
            <Button key={each} onPress={() => setKind(each)}>
              {t(`archive.act-new.${each}`)}
            </Button>
          ))}
        </div>
      )}
      <Loaded held={acts.held.value} onRetry={() => void acts.refresh()} rows={6}>
        {lines =>
          lines.length === 0 ? <Empty icon="page">{t('archive.acts-empty')}</Empty> : <List lines={lines} />
        }
      </Loaded>
      {kind && (
        <ReasonDialog
          title={t(`archive.act-new.${kind}`)}
          label={t('archive.act-basis')}
          hint={t('archive.act-hint')}
          action={t('archive.act-prepare')}
          onGive={async reason => {
            const answer = await post<ActView>('/api/archive/acts', { kind, reason });
            if (!answer.ok) return answer.error;
            refreshAll();
            showAct(answer.value.number);
            return null;
          }}
          onClose={() => setKind(null)}
        />
      )}
    </section>
  );
}

function List({ lines }: { lines: ActLine[] }) {
  return (
    <ul class="act-list">
      {lines.map(line => (
        <li key={line.number} class={line.number === actNumber.value ? 'chosen' : ''}>
          <button
            type="button"
            class="link"
            aria-pressed={line.number === actNumber.value}
            onClick={() => showAct(line.number)}
          >
            {titleOf(line)}
          </button>
          <StatusDot tone={tones[line.state]}>{t(`archive.act-state.${line.state}`)}</StatusDot>
          <p>{line.reason}</p>
          <small>
            {t('archive.act-entries', { count: line.entries })}, {showSize(line.sizeBytes)} ·{' '}
            {line.prepared.name}, {showDayAndTime(line.prepared.at)}
          </small>
        </li>
      ))}
    </ul>
  );
}

export function ActDetails() {
  if (actNumber.value === null) return <Empty icon="page">{t('archive.choose-act')}</Empty>;
  return (
    <section class="archive-panel" aria-label={t('archive.acts')}>
      <Loaded held={openAct.held.value} onRetry={() => void openAct.refresh()} rows={8}>
        {act => <Details act={act} key={act.number} />}
      </Loaded>
    </section>
  );
}

function Details({ act }: { act: ActView }) {
  const { prepared, decided } = act;
  return (
    <div class="details">
      <header>
        <h2>{titleOf(act)}</h2>
        <p>{act.reason}</p>
      </header>
      <StatusDot tone={tones[act.state]}>{t(`archive.act-state.${act.state}`)}</StatusDot>
      <dl class="details-facts">
        <div>
          <dt>{t('archive.act-prepared')}</dt>
          <dd>
            {prepared.name}, {showDayAndTime(prepared.at)}
          </dd>
        </div>
        {decided && (
          <div>
            <dt>{t(act.state === 'rejected' ? 'archive.act-rejected' : 'archive.act-approved')}</dt>
            <dd>
              {decided.name}, {showDayAndTime(decided.at)}
              {decided.reason && <small>{decided.reason}</small>}
            </dd>
          </div>
        )}
      </dl>
      {act.state === 'prepared' && keepsArchive() && <Decision act={act} />}
      <div class="entry-actions">
        <a
          class="button plain"
          href={`/api/archive/acts/${act.number}/list.pdf`}
          target="_blank"
          rel="noreferrer"
        >
          {t('archive.act-list')} PDF
        </a>
        <a class="button plain" href={`/api/archive/acts/${act.number}/list.xml`}>
          {t('archive.act-list')} XML
        </a>
      </div>
      <ul class="act-entries">
        {act.list.map(entry => (
          <li key={`${entry.caseId} ${entry.sha256}`}>
            <p>
              <strong>{entry.caseNumber}</strong> · {t(`archive.kind.${entry.kind}`)}
            </p>
            <small>{inLanguage(entry.serviceTitle)}</small>
            <small class="figures">
              {entry.keepUntil
                ? `${t('archive.col.until')} ${showDay(entry.keepUntil)}`
                : t('archive.for-good')}
              , {showSize(entry.sizeBytes)}
              {entry.outcome && `: ${t(`archive.outcome.${entry.outcome}`)}`}
            </small>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Two people: who prepared an act cannot approve it. */
function Decision({ act }: { act: ActView }) {
  const [asked, setAsked] = useState<'approve' | 'reject' | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const decide = async (what: 'approve' | 'reject', body: object) => {
    setBusy(true);
    const answer = await post<ActView>(`/api/archive/acts/${act.number}/${what}`, body);
    setBusy(false);
    refreshAll();
    setError(answer.ok ? null : answer.error);
    return answer.ok ? null : answer.error;
  };
  const isMine = act.prepared.login === me()?.login;
  return (
    <>
      {isMine && (
        <Message tone="info">
          <p>{t('archive.act-second')}</p>
        </Message>
      )}
      {error && <Notice error={error} />}
      <div class="entry-actions">
        {!isMine && (
          <Button kind="primary" busy={busy} onPress={() => setAsked('approve')}>
            {t('archive.act-approve')}
          </Button>
        )}
        <Button busy={busy} onPress={() => setAsked('reject')}>
          {t('archive.act-reject')}
        </Button>
      </div>
      {asked === 'approve' && (
        <Ask
          question={t(`archive.act-sure-${act.kind}`, { count: act.entries })}
          yes={t('archive.act-approve')}
          onYes={() => {
            setAsked(null);
            void decide('approve', {});
          }}
          onNo={() => setAsked(null)}
        />
      )}
      {asked === 'reject' && (
        <ReasonDialog
          title={t('archive.act-reject')}
          action={t('archive.act-reject')}
          onGive={reason => decide('reject', { reason })}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}
