import { computed, effect } from '@preact/signals';
import { type SpokenScreen, spokenIn, spokenScreens } from '../../protocol/spoken-texts.ts';
import { language } from '../shared/language.ts';
import { readAloud } from '../shared/preferences.ts';
import { beSilent, say, type Utterance } from '../shared/speech.ts';
import { order } from './order.ts';
import { outlookOf } from './outlook.ts';
import { currentScreen, type Screen } from './screens.ts';

/** Who does not see the warning must hear it; the figures beside it may change without a word. */
const isLate = computed(() => {
  const screen = currentScreen();
  const closing = screen.name === 'service' ? outlookOf(screen.serviceId)?.closing : null;
  return closing != null && closing.chance !== 'likely';
});

/** Says what became of a person's wish, when they listen. */
export function sayOutcome(name: SpokenScreen): void {
  if (readAloud.value) void say([guideOf(name)]);
}

/** Reads each screen when it opens, and what has the focus or is touched, as long as the person wants it. */
export function readScreens(): void {
  effect(() => {
    if (!readAloud.value) {
      beSilent();
      return;
    }
    const now = order.value;
    if (now?.phase === 'held' || now?.phase === 'no-paper') void say([{ textId: `ticket.${now.ticket.id}` }]);
    else void say(textsOf(currentScreen()));
  });
  addEventListener('focusin', event => {
    const named = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-say]') : null;
    const textId = named?.dataset.say;
    if (readAloud.value && textId) void say([{ textId, text: named.textContent ?? '' }]);
  });
}

function textsOf(screen: Screen): Utterance[] {
  const guide = guideOf(screen.name);
  if (screen.name === 'services') return [{ textId: `category.${screen.categoryId}` }, guide];
  if (screen.name === 'service')
    return [
      { textId: `service.${screen.serviceId}` },
      ...(isLate.value ? [guideOf('late')] : []),
      { textId: `papers.${screen.serviceId}` },
      guide,
    ];
  return [guide];
}

function guideOf(name: SpokenScreen): Utterance {
  const { text } = spokenIn(spokenScreens[name], language.value);
  return { textId: `screen.${name}`, text };
}
