import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { fieldTitles, isFieldName } from '../../protocol/field-titles.ts';
import type { Reading } from '../../protocol/readings.ts';
import { Button } from '../shared/components/button.tsx';
import { Message } from '../shared/components/notice.tsx';
import type { PhraseKey } from '../shared/dictionary.ts';
import { inLanguage, t } from '../shared/language.ts';
import { onReading } from '../shared/live.ts';

type Read = Reading['read'];

/** What was read may be about somebody: it does not stay on the screen longer than it takes to use it. */
const shownMs = 30_000;

/**
 * What the scanner or card reader of this window read. A code goes where the clerk types, as from a keyboard;
 * with no such place, and for a card, it is shown.
 */
export function ReadingNotice() {
  const shown = useSignal<Read | null>(null);
  const hide = () => {
    shown.value = null;
  };
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onReading(({ read }) => {
      clearTimeout(timer);
      shown.value = read.kind === 'card-gone' || typeInto(document.activeElement, read) ? null : read;
      timer = setTimeout(hide, shownMs);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, []);
  const read = shown.value;
  if (read === null) return null;
  return (
    <div class="reading-notice">
      <Message
        tone="info"
        title={t(titles[read.kind])}
        action={<Button onPress={hide}>{t('page.close')}</Button>}
      >
        {linesOf(read).map(line => (
          <p key={line}>{line}</p>
        ))}
      </Message>
    </div>
  );
}

const titles: Record<Read['kind'], PhraseKey> = {
  ticket: 'reading.ticket',
  appointment: 'reading.appointment',
  payment: 'reading.payment',
  gs1: 'reading.gs1',
  pdf417: 'reading.pdf417',
  text: 'reading.text',
  card: 'reading.card',
  'card-gone': 'reading.card',
};

function linesOf(read: Read): string[] {
  switch (read.kind) {
    case 'appointment':
      return [read.code];
    case 'payment':
      return read.fields.map(({ name, value }) => `${titleOf(name)}: ${value}`);
    case 'gs1':
      return read.elements.map(({ ai, value }) => `(${ai}) ${value}`);
    case 'pdf417':
    case 'text':
      return [read.text];
    case 'card':
      return read.identity
        ? read.identity.fields.map(({ name, value }) => `${titleOf(name)}: ${value}`)
        : [t('reading.card-unknown', { number: read.uid ?? '—' })];
    case 'ticket':
    case 'card-gone':
      return [];
  }
}

/** Whether what was read is text, and went into the field that has the focus. */
function typeInto(target: Element | null, read: Read): boolean {
  const text = typedText(read);
  const isField = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  // A PIN is typed by hand alone.
  const takesText = isField && /^(text|search|tel|textarea)$/.test(target.type) && !target.readOnly;
  if (text === null || !takesText) return false;
  target.setRangeText(text, target.selectionStart ?? 0, target.selectionEnd ?? 0, 'end');
  target.dispatchEvent(new InputEvent('input', { bubbles: true }));
  return true;
}

function typedText(read: Read): string | null {
  if (read.kind === 'text' || read.kind === 'pdf417') return read.text;
  if (read.kind === 'appointment') return read.code;
  return read.kind === 'payment' ? (read.fields.find(({ name }) => name === 'uin')?.value ?? null) : null;
}

function titleOf(name: string): string {
  if (name === 'card-number') return t('reading.card-number');
  return isFieldName(name) ? inLanguage(fieldTitles[name]) : name;
}
