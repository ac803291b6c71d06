import type { BoardView } from '../../protocol/api/branch.ts';
import { now, showLongDay, showTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Message } from '../shared/components/notice.tsx';
import { Empty, Loaded } from '../shared/components/states.tsx';
import { StaleOnly } from '../shared/components/status.tsx';
import { Icon } from '../shared/icons.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { freshness } from '../shared/live.ts';
import { heldValue } from '../shared/resource.ts';
import { soundAllowed } from '../shared/tone.ts';
import { type Call, callKey, ofBoard } from './calls.ts';
import { chime } from './chime.ts';
import { MediaSlot } from './media-slot.tsx';
import { board, fresh, options, screens } from './store.ts';
import { Ticker } from './ticker.tsx';

const calledRows = 5;

/** Rows of three for which there is room beside pictures and over a line of announcements. */
function waitingPlaces(hasMedia: boolean, hasTicker: boolean): number {
  if (!hasMedia) return hasTicker ? 18 : 24;
  return hasTicker ? 6 : 9;
}

export function Board() {
  const view = heldValue(board);
  const media = heldValue(screens)?.media ?? [];
  const announcements = view?.announcements ?? [];
  const zone = view?.zones.find(({ id }) => id === options.zone);
  return (
    <div class="board" data-ticker={announcements.length > 0}>
      <main class="board-called">
        <h1>
          {t('board.called')}
          {zone && <span>{inLanguage(zone.title)}</span>}
        </h1>
        <LongStale />
        <Loaded held={board.held.value} onRetry={() => void board.refresh()} rows={calledRows}>
          {value => <CalledTable called={ofBoard(value, options).called.slice(0, calledRows)} />}
        </Loaded>
      </main>
      <aside class="board-side">
        <div class="board-clock">
          <time>{showTime(now.value)}</time>
          <p>{showLongDay(now.value)}</p>
        </div>
        <Waiting
          waiting={view && ofBoard(view, options).waiting}
          places={waitingPlaces(media.length > 0, announcements.length > 0)}
        />
        <MediaSlot media={media} />
        <footer class="board-foot">
          <StaleOnly />
          <p>{view ? inLanguage(view.branch) : '\u00a0'}</p>
          {options.sounds && !soundAllowed.value && (
            <Button icon="sound" onPress={() => void chime()}>
              {t('board.sound-off')}
            </Button>
          )}
        </footer>
      </aside>
      <Ticker announcements={announcements} />
    </div>
  );
}

const longStaleMs = 60_000;

/** After a minute without the box people must not wait for numbers here. */
function LongStale() {
  const state = freshness.value;
  if (state.state !== 'stale' || now.value - state.since < longStaleMs) return null;
  return (
    <Message tone="attention" title={t('board.stale')}>
      <p>{t('board.stale-how')}</p>
    </Message>
  );
}

function CalledTable({ called }: { called: Call[] }) {
  if (called.length === 0)
    return (
      <Empty icon="window" title={t('board.nobody-called')}>
        {t('board.nobody-called-how')}
      </Empty>
    );
  return (
    <table aria-live="polite">
      <thead>
        <tr>
          <th scope="col">{t('board.ticket')}</th>
          <td />
          <th scope="col">{t('board.window')}</th>
        </tr>
      </thead>
      <tbody>
        {called.map(call => (
          <tr key={callKey(call)} class={fresh.value.has(callKey(call)) ? 'fresh' : ''}>
            <td class="figures">{call.number}</td>
            <td class="board-arrow">
              <Icon name="forward" />
            </td>
            <td class="figures">{call.window}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Waiting({ waiting, places }: { waiting: BoardView['waiting'] | null; places: number }) {
  const more = (waiting?.length ?? 0) - places;
  return (
    <section class="board-waiting">
      <h2>
        {t('board.waiting')} {waiting && waiting.length > 0 && <span class="figures">{waiting.length}</span>}
      </h2>
      {waiting?.length === 0 && <p class="board-none">{t('board.nobody-waiting')}</p>}
      <ol>
        {waiting?.slice(0, places).map(ticket => (
          <li key={ticket.number} class="figures">
            {ticket.number}
          </li>
        ))}
      </ol>
      {more > 0 && places > 9 && <p class="board-none">{t('board.more', { count: more })}</p>}
    </section>
  );
}
