import './evidence.css';
import type { EvidencePieceView, EvidenceState, EvidenceView } from '../../../protocol/api/evidence.ts';
import { showDayAndTime, timeZone } from '../clock.ts';
import { evidenceOf } from '../evidence-store.ts';
import { language, t } from '../language.ts';
import { showSize } from '../size.ts';
import { clockTime, fullDay } from '../time.ts';
import { Button } from './button.tsx';
import type { Tone } from './notice.tsx';
import { Loaded } from './states.tsx';
import { StatusDot } from './status.tsx';

const tones: Record<EvidenceState, Tone> = {
  none: 'info',
  awaited: 'waiting',
  outage: 'attention',
  'no-stamp': 'info',
  complete: 'serving',
  renewal: 'waiting',
  lapsed: 'trouble',
  destroyed: 'info',
};

/** Certificates run for years: the year belongs to it. */
const showDate = (at: string) => fullDay(at, language.value, timeZone.value);
const showMoment = (at: string) => `${showDate(at)}, ${clockTime(at, language.value, timeZone.value)}`;

interface Wish {
  sha256: string;
  /** Gives out the document with its evidence in one file, where a person may have it. */
  onWhole?: (() => void) | undefined;
}

/** What proves a package or a result: since when, until when, what is missing and what happens next. */
export function Evidence({ sha256, onWhole }: Wish) {
  const { held, refresh } = evidenceOf(sha256);
  return (
    <section class="evidence" aria-label={t('evidence.title')}>
      <Loaded held={held.value} onRetry={() => void refresh()} rows={2}>
        {view => <Shown view={view} onWhole={onWhole} />}
      </Loaded>
    </section>
  );
}

function Shown({ view, onWhole }: { view: EvidenceView } & Pick<Wish, 'onWhole'>) {
  const { state, provenSince, goodUntil, renewFrom, awaited, pieces } = view;
  const isHere = pieces.some(({ sizeBytes }) => sizeBytes !== null);
  return (
    <>
      <header class="evidence-head">
        <h4>{t('evidence.title')}</h4>
        <StatusDot tone={tones[state]}>{t(`evidence.state.${state}`)}</StatusDot>
      </header>
      {provenSince && (
        <p>
          <strong>{t('evidence.proven', { time: showMoment(provenSince) })}</strong>{' '}
          {goodUntil && t('evidence.good-until', { time: showDate(goodUntil) })}
        </p>
      )}
      {awaited.map(({ kind, since }) => (
        <p key={kind}>{t(`evidence.awaited.${kind}`, { time: showDayAndTime(since) })}</p>
      ))}
      <p class="evidence-note">
        {t(`evidence.next.${state}`, { from: renewFrom ? showDate(renewFrom) : '' })}
      </p>
      {view.keptAt && <Checks keptAt={view.keptAt} checkedAt={view.checkedAt} />}
      {pieces.length > 0 && (
        <details>
          <summary>{t('evidence.pieces', { count: pieces.length })}</summary>
          <ul>
            {pieces.map(piece => (
              <Piece key={`${piece.kind} ${piece.sha256}`} content={view.sha256} piece={piece} />
            ))}
          </ul>
        </details>
      )}
      {isHere && (
        <div class="evidence-actions">
          <a class="button plain" href={`/api/evidence/${view.sha256}/files`} download>
            {t('evidence.download-all')}
          </a>
          {onWhole && (state === 'complete' || state === 'renewal') && (
            <Button onPress={onWhole}>{t('evidence.whole')}</Button>
          )}
        </div>
      )}
    </>
  );
}

function Checks({ keptAt, checkedAt }: { keptAt: string; checkedAt: string | null }) {
  return (
    <p class="evidence-note">
      {t('evidence.checks', { time: showDayAndTime(keptAt) })}
      {checkedAt && ` ${t('evidence.checked-again', { time: showDayAndTime(checkedAt) })}`}
    </p>
  );
}

function Piece({ content, piece }: { content: string; piece: EvidencePieceView }) {
  const { kind, sha256, sizeBytes, by, statedAt, until, at } = piece;
  const name = t(`evidence.kind.${kind}`);
  return (
    <li>
      <strong>{name}</strong>
      <small>{t(`evidence.proves.${kind}`, { time: showMoment(statedAt ?? at) })}</small>
      {by && (
        <small>
          {until ? t('evidence.by', { who: by, until: showDate(until) }) : t('evidence.by-only', { who: by })}
        </small>
      )}
      <small class="evidence-digest">{sha256}</small>
      {sizeBytes === null ? (
        <small>{t('evidence.gone')}</small>
      ) : (
        <a href={`/api/evidence/${content}/files/${sha256}`} download>
          {t('evidence.download')}
          <span class="visually-hidden">: {name}</span>, {showSize(sizeBytes)}
        </a>
      )}
    </li>
  );
}
