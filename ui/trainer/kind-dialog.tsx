import { useSignal } from '@preact/signals';
import { heaviestPhrase } from '../../protocol/kind-phrases.ts';
import type { KindRule } from '../../protocol/kind-rules.ts';
import type { KindsView } from '../../protocol/trainer.ts';
import { Button } from '../shared/components/button.tsx';
import { Dialog } from '../shared/components/dialog.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { withKind, withoutKind } from './edits.ts';
import { chosenKind, edit, rules } from './store.ts';

const empty: KindRule = { title: { ru: '', en: '' }, satisfies: [], phrases: [] };
const key = /^[a-z0-9][a-z0-9.-]{0,63}$/;

interface KindDialogProps {
  view: KindsView;
  /** Null for a new kind. */
  id: string | null;
  onClose: () => void;
}

/** What a kind is called and which lines of checklists it fills. */
export function KindDialog({ view, id, onClose }: KindDialogProps) {
  const wishedId = useSignal(id ?? '');
  const rule = useSignal<KindRule>((id === null ? undefined : rules.value[id]) ?? empty);
  const { title, satisfies, beginsPaper, machineReadable, landscape } = rule.value;
  const isTaken = id === null && (wishedId.value === 'other' || Object.hasOwn(rules.value, wishedId.value));
  const isReady = key.test(wishedId.value) && !isTaken && title.ru.trim() !== '' && title.en.trim() !== '';
  const change = (part: Partial<KindRule>) => {
    rule.value = { ...rule.value, ...part };
  };
  const done = () => {
    edit(withKind(rules.value, wishedId.value, rule.value));
    chosenKind.value = wishedId.value;
    onClose();
  };
  // A line that the register has no more can still be taken away.
  const gone = satisfies.filter(kind => view.checklist.every(line => line.kind !== kind));
  const lines = [...view.checklist, ...gone.map(kind => ({ kind, title: { ru: kind, en: kind } }))];
  return (
    <Dialog
      title={t(id === null ? 'trainer.new-kind' : 'trainer.about-kind')}
      onClose={onClose}
      actions={
        <>
          {id !== null && Object.keys(rules.value).length > 1 && (
            <Button
              kind="quiet"
              onPress={() => {
                edit(withoutKind(rules.value, id));
                onClose();
              }}
            >
              {t('trainer.remove-kind')}
            </Button>
          )}
          <Button onPress={onClose}>{t('page.cancel')}</Button>
          <Button kind="primary" disabled={!isReady} onPress={done}>
            {t('trainer.done')}
          </Button>
        </>
      }
    >
      {id === null && (
        <Field label={t('trainer.kind-id')} value={wishedId.value} onText={text => (wishedId.value = text)} />
      )}
      <Field
        label={t('trainer.kind-ru')}
        value={title.ru}
        onText={ru => change({ title: { ...title, ru } })}
      />
      <Field
        label={t('trainer.kind-en')}
        value={title.en}
        onText={en => change({ title: { ...title, en } })}
      />
      <label class="trainer-check">
        <input
          type="checkbox"
          checked={beginsPaper === true}
          onChange={event => {
            const { beginsPaper: _, ...others } = rule.value;
            rule.value = event.currentTarget.checked ? { ...others, beginsPaper: true } : others;
          }}
        />
        {t('trainer.kind-begins')}
      </label>
      <Hint
        label={t('trainer.hint-weight', { hint: t('trainer.hint.machineReadable') })}
        weight={machineReadable}
        onWeight={weight => {
          const { machineReadable: _, ...others } = rule.value;
          rule.value = weight === undefined ? others : { ...others, machineReadable: weight };
        }}
      />
      <Hint
        label={t('trainer.hint-weight', { hint: t('trainer.hint.landscape') })}
        weight={landscape}
        onWeight={weight => {
          const { landscape: _, ...others } = rule.value;
          rule.value = weight === undefined ? others : { ...others, landscape: weight };
        }}
      />
      <fieldset class="trainer-satisfies">
        <legend>{t('trainer.kind-satisfies')}</legend>
        {lines.map(line => (
          <label key={line.kind} class="trainer-check">
            <input
              type="checkbox"
              checked={satisfies.includes(line.kind)}
              onChange={() =>
                change({
                  satisfies: satisfies.includes(line.kind)
                    ? satisfies.filter(kind => kind !== line.kind)
                    : [...satisfies, line.kind],
                })
              }
            />
            {inLanguage(line.title)}
          </label>
        ))}
      </fieldset>
    </Dialog>
  );
}

function Field({ label, value, onText }: { label: string; value: string; onText: (text: string) => void }) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        class="input"
        maxLength={200}
        value={value}
        onInput={event => onText(event.currentTarget.value)}
      />
    </label>
  );
}

/** What a trait of the page's layout is worth; empty when it says nothing about the kind. */
function Hint({
  label,
  weight,
  onWeight,
}: {
  label: string;
  weight: number | undefined;
  onWeight: (weight: number | undefined) => void;
}) {
  return (
    <label class="trainer-check">
      <input
        class="input figures trainer-hint"
        type="number"
        min={-heaviestPhrase}
        max={heaviestPhrase}
        step={0.5}
        value={weight ?? ''}
        onChange={event => {
          const typed = event.currentTarget.valueAsNumber;
          onWeight(Number.isFinite(typed) && typed !== 0 ? typed : undefined);
        }}
      />
      {label}
    </label>
  );
}
