import type { Clock } from '../../platform/clock.ts';
import type { WireView } from '../../protocol/api/technician.ts';
import type { BytePipe } from './byte-pipe.ts';

const mostLines = 200;
const mostBytesShown = 64;

/** The bytes of one device while a technician watches: « in, » out. Off, it costs nothing and keeps nothing. */
export interface WireLog {
  note(direction: 'in' | 'out', bytes: Uint8Array): void;
  /** The same pipe, with its bytes noted. */
  over(pipe: BytePipe): BytePipe;
  turn(on: boolean): void;
  view(): WireView;
}

/** `masks`: bytes that could be of a code or card are not kept, only their shape; a ticket holds nobody's data. */
export function createWireLog(clock: Clock, masks: boolean): WireLog {
  let on = false;
  const lines: WireView['lines'] = [];

  const note: WireLog['note'] = (direction, bytes) => {
    if (!on) return;
    const shown = masks && direction === 'in' ? masked(bytes) : plain(bytes);
    lines.push({ at: clock.now().toISOString(), direction, sizeBytes: bytes.length, bytes: shown });
    if (lines.length > mostLines) lines.shift();
  };
  return {
    note,
    over: pipe => ({
      async write(bytes) {
        note('out', bytes);
        await pipe.write(bytes);
      },
      onBytes: listener =>
        pipe.onBytes(bytes => {
          note('in', bytes);
          listener(bytes);
        }),
      onClose: listener => pipe.onClose(listener),
      close: () => pipe.close(),
    }),
    turn(wished) {
      on = wished;
      if (!on) lines.length = 0;
    },
    view: () => ({ on, lines: [...lines] }),
  };
}

function plain(bytes: Uint8Array): string {
  return cut(bytes, byte => byte.toString(16).padStart(2, '0').toUpperCase());
}

/** Control characters show how a code is framed; everything else could be the code. */
function masked(bytes: Uint8Array): string {
  return cut(bytes, byte => (byte < 0x20 ? byte.toString(16).padStart(2, '0').toUpperCase() : '··'));
}

function cut(bytes: Uint8Array, show: (byte: number) => string): string {
  const shown = [...bytes.subarray(0, mostBytesShown)].map(show).join(' ');
  return bytes.length > mostBytesShown ? `${shown} …` : shown;
}
