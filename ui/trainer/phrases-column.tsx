import { useSignal } from '@preact/signals';
import { foldText, heaviestPhrase, longestPhrase } from '../../protocol/kind-phrases.ts';
import type { Phrase } from '../../protocol/kind-rules.ts';
import type { KindsView } from '../../protocol/trainer.ts';
import { Button } from '../shared/components/button.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { stepWeight, withHeading, withoutPhrase, withPhrase, withWeight } from './edits.ts';
import { KindDialog } from './kind-dialog.tsx';
import { chosenKind, edit, kind, look, rules, suggestions } from './store.ts';

const step = 0.5;
const newWeight = 3;

/** Right: the phrases of one kind, and those that its samples suggest. */
export function PhrasesColumn({ view }: { view: KindsView }) {
  const dialog = useSignal<'new' | 'about' | null>(null);
  const phrases = rules.value[kind.value]?.phrases ?? [];
  return (
    <aside class="trainer-phrases" aria-label={t('trainer.phrases')}>
      <div class="trainer-kind">
        <select
          class="select"
          aria-label={t('trainer.kind')}
          value={kind.value}
          onChange={event => {
            chosenKind.value = event.currentTarget.value;
          }}
        >
          {Object.entries(rules.value).map(([id, { title }]) => (
            <option key={id} value={id}>
              {inLanguage(title)}
            </option>
          ))}
        </select>
        <Button onPress={() => (dialog.value = 'about')}>{t('trainer.about-kind')}</Button>
        <Button onPress={() => (dialog.value = 'new')}>{t('trainer.new-kind')}</Button>
      </div>
      <div class="trainer-scroll">
        <NewPhrase />
        <Suggested />
        <h2>{t('trainer.phrases')}</h2>
        {phrases.length === 0 && <p class="trainer-none">{t('trainer.phrases-empty')}</p>}
        <ul>
          {phrases.map((phrase, at) => (
            <PhraseLine key={`${phrase.words} ${phrase.heading ?? false}`} phrase={phrase} at={at} />
          ))}
        </ul>
      </div>
      {dialog.value && (
        <KindDialog
          view={view}
          id={dialog.value === 'about' ? kind.value : null}
          onClose={() => (dialog.value = null)}
        />
      )}
    </aside>
  );
}

function NewPhrase() {
  const text = useSignal('');
  return (
    <form
      class="trainer-new"
      onSubmit={event => {
        event.preventDefault();
        edit(withPhrase(rules.value, kind.value, foldText(text.value), newWeight));
        text.value = '';
      }}
    >
      <input
        class="input"
        aria-label={t('trainer.new-phrase')}
        placeholder={t('trainer.new-phrase')}
        maxLength={longestPhrase}
        value={text.value}
        onInput={event => {
          text.value = event.currentTarget.value;
        }}
      />
      <button type="submit" class="button plain">
        {t('trainer.add-phrase')}
      </button>
    </form>
  );
}

function Suggested() {
  const known = new Set(rules.value[kind.value]?.phrases.map(({ words }) => words));
  const fresh = suggestions.value.filter(({ words }) => !known.has(words)).slice(0, 6);
  return (
    <section class="trainer-suggested">
      <h2>{t('trainer.suggested')}</h2>
      {suggestions.value.length === 0 && <p class="trainer-none">{t('trainer.suggested-empty')}</p>}
      <ul>
        {fresh.map(({ words, weight, here, elsewhere }) => (
          <li key={words}>
            <button
              type="button"
              class="button plain"
              aria-label={t('trainer.take', { words })}
              onClick={() => edit(withPhrase(rules.value, kind.value, words, weight))}
            >
              + {words}
            </button>
            <small class="figures">{t('trainer.suggestion', { here, elsewhere })}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}

function PhraseLine({ phrase: { words, weight, heading }, at }: { phrase: Phrase; at: number }) {
  const found = look.value?.scores
    .find(score => score.kind === kind.value)
    ?.found.some(({ is, what }) => what === words && is === (heading ? 'heading' : 'phrase'));
  const weigh = (next: number) => {
    if (Number.isFinite(next)) edit(withWeight(rules.value, kind.value, at, next));
  };
  return (
    <li class={`phrase ${weight < 0 ? 'against' : 'for'}`}>
      <span class="phrase-words">
        {words}
        {found && <small> · {t('trainer.found')}</small>}
      </span>
      <button
        type="button"
        class="phrase-step"
        aria-label={t('trainer.less', { words })}
        onClick={() => weigh(stepWeight(weight, -step, heaviestPhrase))}
      >
        −
      </button>
      <input
        class="input figures"
        type="number"
        aria-label={t('trainer.weight', { words })}
        min={-heaviestPhrase}
        max={heaviestPhrase}
        step={step}
        value={weight}
        onChange={event => weigh(event.currentTarget.valueAsNumber)}
      />
      <button
        type="button"
        class="phrase-step"
        aria-label={t('trainer.more', { words })}
        onClick={() => weigh(stepWeight(weight, step, heaviestPhrase))}
      >
        +
      </button>
      <label class="phrase-heading">
        <input
          type="checkbox"
          aria-label={t('trainer.heading-of', { words })}
          checked={heading === true}
          onChange={event => edit(withHeading(rules.value, kind.value, at, event.currentTarget.checked))}
        />
        {t('trainer.heading')}
      </label>
      <Button
        kind="quiet"
        icon="remove"
        label={t('trainer.remove-phrase', { words })}
        onPress={() => edit(withoutPhrase(rules.value, kind.value, at))}
      >
        {''}
      </Button>
    </li>
  );
}
