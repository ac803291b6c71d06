import type { BoardView } from '../../protocol/api.ts';
import { now, showLongDay, showTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Empty, Loaded } from '../shared/components/states.tsx';
import { StaleOnly } from '../shared/components/status.tsx';
import { Icon } from '../shared/icons.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { allowSound, soundAllowed } from './chime.ts';
import { board, type Call, callKey, fresh } from './store.ts';

const calledRows = 5;
const waitingPlaces = 24;

export function Board() {
  const view = heldValue(board);
  return (
    <div class="board">
      <main class="board-called">
        <h1>{t('board.called')}</h1>
        <Loaded held={board.held.value} onRetry={() => void board.refresh()} rows={calledRows}>
          {value => <CalledTable called={value.called.slice(0, calledRows)} />}
        </Loaded>
      </main>
      <aside class="board-side">
        <div class="board-clock">
          <time>{showTime(now.value)}</time>
          <p>{showLongDay(now.value)}</p>
        </div>
        <Waiting view={view} />
        <footer class="board-foot">
          <StaleOnly />
          <p>{view ? inLanguage(view.branch) : '\u00a0'}</p>
          {!soundAllowed.value && (
            <Button icon="sound" onPress={allowSound}>
              {t('board.sound-off')}
            </Button>
          )}
        </footer>
      </aside>
    </div>
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

function Waiting({ view }: { view: BoardView | null }) {
  const waiting = view?.waiting ?? [];
  const more = waiting.length - waitingPlaces;
  return (
    <section class="board-waiting">
      <h2>
        {t('board.waiting')} {view && waiting.length > 0 && <span class="figures">{waiting.length}</span>}
      </h2>
      {view && waiting.length === 0 && <p class="board-none">{t('board.nobody-waiting')}</p>}
      <ol>
        {waiting.slice(0, waitingPlaces).map(ticket => (
          <li key={ticket.number} class="figures">
            {ticket.number}
          </li>
        ))}
      </ol>
      {more > 0 && <p class="board-none">{t('board.more', { count: more })}</p>}
    </section>
  );
}
