import type { ErrorCode } from '../../../protocol/errors.ts';
import type { BytePipe } from '../byte-pipe.ts';
import type { SerialPortSettings } from '../host/pipe-messages.ts';
import { openHosted } from './hosted-pipe.ts';

export interface SerialLine extends Partial<SerialPortSettings> {
  /** Device file: `/dev/serial/by-path/…`, never `ttyUSB0`, which changes with the order of plugging. */
  path: string;
  baudRate: number;
  /** How long the host process may take to start and open the port; 20000 when left out. */
  openTimeoutMs?: number;
  /** How long a write may hang before the line counts as dead; 5000 when left out. */
  writeTimeoutMs?: number;
  /** Code when the port cannot be opened or is gone; `printer.offline` when left out. */
  offline?: ErrorCode;
}

/**
 * A byte pipe over a serial port that a child process holds. Both control lines are up and no flow
 * control is used when nothing else is said. Throws `AppError('printer.offline')` when the port cannot
 * be opened.
 */
export function openSerial(line: SerialLine): Promise<BytePipe> {
  const { path, baudRate, flowControl = 'none', dtr = true, rts = true } = line;
  return openHosted({
    program: new URL('../host/serial-host.ts', import.meta.url),
    path,
    serial: { baudRate, flowControl, dtr, rts },
    openTimeoutMs: line.openTimeoutMs,
    writeTimeoutMs: line.writeTimeoutMs,
    ...(line.offline && { offline: line.offline }),
  });
}
