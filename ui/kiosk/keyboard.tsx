import { Icon } from '../shared/icons.tsx';
import { language, t } from '../shared/language.ts';
import { languages } from '../shared/languages.ts';

interface KeyboardProps {
  value: string;
  onChange: (value: string) => void;
}

/** Letters for a kiosk without a keyboard. Keys do not take the focus away from the field. */
export function Keyboard({ value, onChange }: KeyboardProps) {
  const rows = languages[language.value].keyboard;
  return (
    <fieldset
      class="keyboard"
      aria-label={t('kiosk.keyboard')}
      onPointerDown={event => event.preventDefault()}
    >
      {rows.map((letters, index) => (
        <div key={letters} class="keyboard-row">
          {[...letters].map(letter => (
            <button key={letter} type="button" class="key" onClick={() => onChange(value + letter)}>
              {letter}
            </button>
          ))}
          {index === rows.length - 1 && (
            <button
              type="button"
              class="key key-wide"
              aria-label={t('kiosk.key-erase')}
              onClick={() => onChange(value.slice(0, -1))}
            >
              <Icon name="erase" size={36} />
            </button>
          )}
        </div>
      ))}
      <div class="keyboard-row">
        <button type="button" class="key key-word" onClick={() => onChange('')}>
          {t('kiosk.key-clear')}
        </button>
        <button type="button" class="key key-space" onClick={() => onChange(`${value} `)}>
          {t('kiosk.key-space')}
        </button>
      </div>
    </fieldset>
  );
}
