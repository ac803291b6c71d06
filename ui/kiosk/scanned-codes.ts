import { onReading } from '../shared/live.ts';

/*
 * Barcode scanners type like keyboards, only faster, and end with Enter. What they type must press no button,
 * and reaches the screen that asked for a code.
 */

/** Between two keys of a scanner pass a few milliseconds; no hand is so quick six times in a row. */
const keyGapMs = 40;
const shortest = 6;
const longest = 300;

interface Typed {
  text: string;
  atMs: number;
}

/** Feeds keys; tells the code when Enter ends a burst. `swallow` is what would press the button in focus. */
export function createScanReader(onCode: (code: string) => void) {
  let typed: Typed = { text: '', atMs: Number.NEGATIVE_INFINITY };
  return (key: string, atMs: number): 'pass' | 'swallow' => {
    const inTime = atMs - typed.atMs <= keyGapMs;
    if (key === 'Enter') {
      const code = inTime && typed.text.length >= shortest ? typed.text : '';
      typed = { text: '', atMs: Number.NEGATIVE_INFINITY };
      if (code === '') return 'pass';
      onCode(code);
      return 'swallow';
    }
    if ([...key].length !== 1) return 'pass';
    typed = { text: (inTime ? typed.text : '').slice(-longest) + key, atMs };
    return key === ' ' && inTime ? 'swallow' : 'pass';
  };
}

let wanted: ((code: string) => void) | null = null;

/** The screen that is open takes codes; the returned function ends that. */
export function takeCodes(take: (code: string) => void): () => void {
  wanted = take;
  return () => {
    if (wanted === take) wanted = null;
  };
}

export function watchScanner(): void {
  // A scanner that the technician gave to the kiosk types nothing: its codes come through the box.
  onReading(({ read: code }) => {
    if (code.kind === 'appointment') wanted?.(code.code);
  });
  const read = createScanReader(code => wanted?.(code));
  addEventListener(
    'keydown',
    event => {
      if (read(event.key, event.timeStamp) === 'pass') return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
}
