import { Icon } from '../shared/icons.tsx';
import { t } from '../shared/language.ts';

interface DigitPadProps {
  value: string;
  longest: number;
  onChange: (value: string) => void;
}

/** Digits as on a telephone. Keys do not take the focus away from the field. */
export function DigitPad({ value, longest, onChange }: DigitPadProps) {
  const add = (digit: string) => onChange((value + digit).slice(0, longest));
  return (
    <fieldset
      class="digit-pad"
      aria-label={t('kiosk.keyboard')}
      onPointerDown={event => event.preventDefault()}
    >
      {['1', '2', '3', '4', '5', '6', '7', '8', '9'].map(digit => (
        <button key={digit} type="button" class="key" onClick={() => add(digit)}>
          {digit}
        </button>
      ))}
      <button type="button" class="key key-word" onClick={() => onChange('')}>
        {t('kiosk.key-clear')}
      </button>
      <button type="button" class="key" onClick={() => add('0')}>
        0
      </button>
      <button
        type="button"
        class="key"
        aria-label={t('kiosk.key-erase-digit')}
        onClick={() => onChange(value.slice(0, -1))}
      >
        <Icon name="erase" size={36} />
      </button>
    </fieldset>
  );
}
