import type { ComponentChildren, Ref } from 'preact';

interface ScrollAreaProps {
  class: string;
  label: string;
  children: ComponentChildren;
  frame?: Ref<HTMLElement>;
}

/** A part of the page that scrolls by itself; the keyboard must be able to get in and scroll it (WCAG 2.1.1). */
export function ScrollArea({ class: name, label, children, frame }: ScrollAreaProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the arrow keys cannot scroll what has no control inside.
    <section class={name} tabIndex={0} aria-label={label} {...(frame ? { ref: frame } : {})}>
      {children}
    </section>
  );
}
