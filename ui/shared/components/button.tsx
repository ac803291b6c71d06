import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { keyCodeOf, splitAtLetter } from '../hotkeys.ts';
import { Icon, type IconName } from '../icons.tsx';

interface ButtonProps {
  children: ComponentChildren;
  onPress: () => void;
  kind?: 'primary' | 'plain' | 'quiet';
  icon?: IconName | undefined;
  /** Says more than the visible words, for screen readers; begins with the same words. */
  label?: string | undefined;
  busy?: boolean;
  disabled?: boolean;
  pressed?: boolean | undefined;
  class?: string;
  autoFocus?: boolean;
}

/** A locked button keeps the focus, so that the keyboard stays where it was. */
export function Button(props: ButtonProps) {
  const locked = props.busy === true || props.disabled === true;
  const press = (event: MouseEvent) => {
    // The second half of a double click must not do the next thing.
    if (!locked && event.detail < 2) props.onPress();
  };
  return (
    <button
      type="button"
      class={`button ${props.kind ?? 'plain'} ${props.class ?? ''}`}
      aria-disabled={locked ? 'true' : undefined}
      aria-busy={props.busy ? 'true' : undefined}
      aria-label={props.label}
      aria-pressed={props.pressed}
      autofocus={props.autoFocus}
      onClick={press}
    >
      {props.icon && <Icon name={props.icon} />}
      <span class="button-text">{props.children}</span>
    </button>
  );
}

interface HotkeyButtonProps {
  text: string;
  letter: string;
  onPress: () => void;
  icon?: IconName;
  pressed?: boolean;
  disabled?: boolean;
}

/** A button with an underlined letter: Alt and the letter press it, in either keyboard layout. */
export function HotkeyButton({ text, letter, onPress, icon, pressed, disabled }: HotkeyButtonProps) {
  const latest = useRef({ onPress, disabled });
  latest.current = { onPress, disabled };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
      if (event.code !== keyCodeOf(letter) || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      if (!latest.current.disabled) latest.current.onPress();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [letter]);
  const parts = splitAtLetter(text, letter);
  return (
    <button
      type="button"
      class="button plain"
      aria-keyshortcuts={`Alt+${letter.toUpperCase()}`}
      aria-label={text}
      aria-pressed={pressed}
      aria-disabled={disabled ? 'true' : undefined}
      onClick={() => !disabled && onPress()}
    >
      {icon && <Icon name={icon} />}
      <span class="button-text">
        {parts ? (
          <>
            {parts[0]}
            <u>{parts[1]}</u>
            {parts[2]}
          </>
        ) : (
          text
        )}
      </span>
    </button>
  );
}
