import { StaleOnly } from '../shared/components/status.tsx';
import { t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { callKey, ofBoard } from './calls.ts';
import { board, fresh, options } from './store.ts';

/** Over one window: its name and the number that is to come or is there. */
export function Plate({ window }: { window: string }) {
  const view = heldValue(board);
  const call = view ? ofBoard(view, options).called[0] : undefined;
  return (
    <main class="plate" data-fresh={call !== undefined && fresh.value.has(callKey(call))}>
      <h1>
        <span>{t('board.window')}</span> <strong class="figures">{window}</strong>
      </h1>
      <p class="plate-number figures" role="status">
        {call ? call.number : <span>{t('board.plate-free')}</span>}
      </p>
      <footer>
        <StaleOnly />
      </footer>
    </main>
  );
}
