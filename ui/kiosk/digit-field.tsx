import { useEffect, useRef } from 'preact/hooks';

interface DigitFieldProps {
  label: string;
  value: string;
  longest: number;
  /** Whether the pad types into this one. */
  active: boolean;
  onChange: (value: string) => void;
  onFocus: () => void;
}

/** A field for digits only, typed by the pad on the screen or by a keyboard. */
export function DigitField({ label, value, longest, active, onChange, onFocus }: DigitFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (active) field.current?.focus();
  }, [active]);
  return (
    <label class="digit-field" data-active={active}>
      <span>{label}</span>
      <input
        ref={field}
        {...(active && { 'data-first': true })}
        class="input figures"
        inputMode="none"
        autocomplete="off"
        value={value}
        onFocus={onFocus}
        onInput={event => {
          const digits = event.currentTarget.value.replace(/\D/g, '').slice(0, longest);
          event.currentTarget.value = digits;
          onChange(digits);
        }}
      />
    </label>
  );
}
