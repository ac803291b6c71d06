import { useEffect } from 'preact/hooks';
import { Button, HotkeyButton } from '../shared/components/button.tsx';
import { mainLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { aboutTicket, askNoShow, busy, callNext, finish, perform, stepLabel } from './actions.ts';
import { hallDialog } from './hall-acts.ts';
import { queue, step } from './store.ts';

/** Letters that are underlined, by language; Alt and the letter press the button. */
const letters = {
  ru: { call: 'в', recall: 'п', noShow: 'н', finish: 'з', history: 'и', ticket: 'т', window: 'о' },
  en: { call: 'c', recall: 'r', noShow: 'n', finish: 'i', history: 'h', ticket: 't', window: 'w' },
};

interface ActionBarProps {
  /** Whether the history is shown; null without a case. */
  history: boolean | null;
  onHistory: () => void;
}

export function ActionBar({ history, onHistory }: ActionBarProps) {
  useEnterForPrimary();
  const next = step.value;
  const view = heldValue(queue);
  const mine = view?.mine ?? null;
  const keys = letters[mainLanguage()];
  const idle = next.do === 'nothing' || next.do === 'wait';
  return (
    <div class="actions" role="toolbar" aria-label={t('clerk.actions')}>
      <Button
        kind="primary"
        class="primary-action"
        busy={busy.value !== null || next.do === 'wait'}
        disabled={idle}
        onPress={() => perform(next)}
      >
        {stepLabel(next)}
        {!idle && (
          <span class="enter" aria-hidden="true">
            Enter
          </span>
        )}
      </Button>
      <div class="actions-row">
        {mine?.state === 'called' && (
          <>
            <HotkeyButton
              text={t('clerk.recall')}
              letter={keys.recall}
              disabled={view?.callsLeft === 0}
              onPress={() => void aboutTicket(mine.ticketId, 'recall')}
            />
            <HotkeyButton
              text={t('clerk.no-show')}
              letter={keys.noShow}
              onPress={() => askNoShow(mine.ticketId, mine.number)}
            />
          </>
        )}
        {mine?.state === 'serving' && next.do !== 'finish' && (
          <HotkeyButton text={t('clerk.finish')} letter={keys.finish} onPress={() => finish(mine.ticketId)} />
        )}
        {view && !mine && next.do !== 'call' && view.canCall && (
          <HotkeyButton text={t('clerk.do.call')} letter={keys.call} onPress={() => void callNext()} />
        )}
        {mine && (
          <HotkeyButton
            text={t('clerk.ticket-acts')}
            letter={keys.ticket}
            onPress={() => {
              hallDialog.value = { name: 'ticket', ticketId: mine.ticketId };
            }}
          />
        )}
        {view?.window && (
          <HotkeyButton
            text={t('clerk.window-acts')}
            letter={keys.window}
            onPress={() => {
              hallDialog.value = { name: 'window' };
            }}
          />
        )}
        {history !== null && (
          <HotkeyButton
            text={t('clerk.history')}
            letter={keys.history}
            pressed={history}
            onPress={onHistory}
          />
        )}
      </div>
    </div>
  );
}

/** Enter anywhere but in a control of its own presses the blue button. */
function useEnterForPrimary() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || event.repeat || event.defaultPrevented) return;
      if (event.altKey || event.ctrlKey || event.metaKey || document.querySelector('dialog[open]')) return;
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest('input, textarea, select, button, a, summary')) return;
      event.preventDefault();
      if (busy.value === null) perform(step.value);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
