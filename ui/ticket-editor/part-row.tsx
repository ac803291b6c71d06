import type { ComponentChildren } from 'preact';
import type { TicketPart } from '../../protocol/ticket-template.ts';
import { FileButton } from '../shared/components/file-button.tsx';
import { Icon, type IconName } from '../shared/icons.tsx';
import { t } from '../shared/language.ts';
import { nameOf } from './new-part.ts';
import { edit, editParts, template } from './store.ts';

/** One part of the ticket: what it is, where it stands, how it looks. */
export function PartRow({ part, index, count }: { part: TicketPart; index: number; count: number }) {
  const title = t(`ticket-editor.part-${nameOf(part)}`);
  const set = (next: TicketPart) => editParts(parts => parts.with(index, next));
  const move = (to: number) =>
    editParts(parts => {
      const rest = parts.toSpliced(index, 1);
      return rest.toSpliced(to, 0, part);
    });
  return (
    <li class="part">
      <h3>{title}</h3>
      <div class="part-look">
        <Look part={part} onSet={set} />
        <Labelled text={t('ticket-editor.after')}>
          <NumberInput
            value={part.afterMm}
            min={0}
            max={30}
            step={0.5}
            onSet={afterMm => set({ ...part, afterMm })}
          />
        </Labelled>
      </div>
      <div class="part-buttons">
        <IconButton
          icon="down"
          class="part-up"
          label={t('ticket-editor.up', { part: title })}
          disabled={index === 0}
          onPress={() => move(index - 1)}
        />
        <IconButton
          icon="down"
          label={t('ticket-editor.down', { part: title })}
          disabled={index === count - 1}
          onPress={() => move(index + 1)}
        />
        <IconButton
          icon="remove"
          label={t('ticket-editor.remove', { part: title })}
          disabled={count === 1}
          onPress={() => editParts(parts => parts.toSpliced(index, 1))}
        />
      </div>
      {'words' in part && <Words part={part} onSet={set} />}
    </li>
  );
}

interface Editing<T> {
  part: T;
  onSet: (next: TicketPart) => void;
}

function Words({ part, onSet }: Editing<Extract<TicketPart, { words: unknown }>>) {
  const { words } = part;
  const input = (language: 'ru' | 'en') => (
    <Labelled text={t(`ticket-editor.${language}`)}>
      <input
        class="input"
        maxLength={200}
        value={words[language]}
        onInput={event => onSet({ ...part, words: { ...words, [language]: event.currentTarget.value } })}
      />
    </Labelled>
  );
  return (
    <div class="part-words">
      {input('ru')}
      {input('en')}
    </div>
  );
}

const sizes = ['small', 'normal', 'large'] as const;

function Look({ part, onSet }: Editing<TicketPart>) {
  switch (part.kind) {
    case 'text':
    case 'value':
      return (
        <>
          <Labelled text={t('ticket-editor.size')}>
            <select
              class="select"
              value={part.size}
              onChange={event => {
                const size = sizes.find(name => name === event.currentTarget.value);
                if (size) onSet({ ...part, size });
              }}
            >
              {sizes.map(size => (
                <option key={size} value={size}>
                  {t(`ticket-editor.${size}`)}
                </option>
              ))}
            </select>
          </Labelled>
          <label class="part-bold">
            <input
              type="checkbox"
              checked={part.bold}
              onChange={event => onSet({ ...part, bold: event.currentTarget.checked })}
            />
            {t('ticket-editor.bold')}
          </label>
        </>
      );
    case 'number':
      return (
        <Labelled text={t('ticket-editor.times')}>
          <NumberInput
            value={part.times}
            min={2}
            max={8}
            step={1}
            onSet={times => onSet({ ...part, times })}
          />
        </Labelled>
      );
    case 'logo':
      return <LogoLook part={part} onSet={onSet} />;
    default:
      return null;
  }
}

function LogoLook({ part, onSet }: Editing<Extract<TicketPart, { kind: 'logo' }>>) {
  const hasLogo = template.value?.logo !== '';
  return (
    <>
      <Labelled text={t('ticket-editor.width')}>
        <NumberInput
          value={part.widthMm}
          min={5}
          max={80}
          step={1}
          onSet={widthMm => onSet({ ...part, widthMm })}
        />
      </Labelled>
      <div class="part-logo">
        <FileButton accept=".png" onFile={file => void takeLogo(file)}>
          {t('ticket-editor.choose-logo')}
        </FileButton>
        {hasLogo && (
          <button type="button" class="button quiet" onClick={() => edit({ logo: '' })}>
            {t('ticket-editor.drop-logo')}
          </button>
        )}
      </div>
    </>
  );
}

async function takeLogo(file: File): Promise<void> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  edit({ logo: btoa(text) });
}

function Labelled({ text, children }: { text: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label class="field">
      <span>{text}</span>
      {children}
    </label>
  );
}

interface NumberInputProps {
  value: number;
  min: number;
  max: number;
  step: number;
  onSet: (value: number) => void;
}

/** What is out of range is not taken; the field shows the last good value again when it is left. */
function NumberInput({ value, min, max, step, onSet }: NumberInputProps) {
  return (
    <input
      class="input figures"
      type="number"
      {...{ value, min, max, step }}
      onInput={event => {
        const { valueAsNumber } = event.currentTarget;
        if (event.currentTarget.validity.valid && Number.isFinite(valueAsNumber)) onSet(valueAsNumber);
      }}
      onBlur={event => {
        event.currentTarget.value = String(value);
      }}
    />
  );
}

interface IconButtonProps {
  icon: IconName;
  label: string;
  disabled: boolean;
  onPress: () => void;
  class?: string;
}

function IconButton({ icon, label, disabled, onPress, class: more = '' }: IconButtonProps) {
  return (
    <button
      type="button"
      class={`button quiet part-button ${more}`}
      aria-label={label}
      title={label}
      aria-disabled={disabled ? 'true' : undefined}
      onClick={() => !disabled && onPress()}
    >
      <Icon name={icon} />
    </button>
  );
}
