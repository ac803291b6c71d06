import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../protocol/app-error.ts';
import type { BytePipe } from '../driver.ts';
import type { SerialNews, SerialOrder } from '../host/serial-messages.ts';

export interface SerialLine {
  /** Device file: `/dev/serial/by-path/…`, never `ttyUSB0`, which changes with the order of plugging. */
  path: string;
  baudRate: number;
  /** How long the host process may take to start and open the port; 5000 when left out. */
  openTimeoutMs?: number;
  /** How long a write may hang before the line counts as dead; 5000 when left out. */
  writeTimeoutMs?: number;
}

/** A port that does not close by itself within this time is closed by ending its process. */
const closeTimeoutMs = 1000;

/**
 * A byte pipe over a serial port that a child process holds. The pipe closes when the cable is pulled,
 * when the process dies, or when a write hangs. Throws `AppError('printer.offline')` when the port
 * cannot be opened.
 */
export async function openSerial(line: SerialLine): Promise<BytePipe> {
  const host = new SerialHost(line);
  await host.open();
  return host;
}

class SerialHost implements BytePipe {
  readonly #line: SerialLine;
  readonly #listeners = new Set<(bytes: Uint8Array) => void>();
  readonly #writes = new Map<number, { resolve: () => void; reject: (error: AppError) => void }>();
  readonly #opened = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<void>();
  #child: ChildProcess | undefined;
  #isGone = false;
  #nextWrite = 1;

  constructor(line: SerialLine) {
    this.#line = line;
  }

  async open(): Promise<void> {
    const program = fileURLToPath(new URL('../host/serial-host.ts', import.meta.url));
    const child = fork(program, [], { serialization: 'advanced', execArgv: [] });
    this.#child = child;
    child.on('message', (news: SerialNews) => this.#hear(news));
    child.on('error', error => this.#lost(error.message));
    child.on('exit', (code, signal) => this.#lost(`host process ended: ${signal ?? code}`));
    this.#order({ kind: 'open', path: this.#line.path, baudRate: this.#line.baudRate });
    const watchdog = this.#watchdog('open timeout', this.#line.openTimeoutMs ?? 5000);
    try {
      await this.#opened.promise;
    } finally {
      clearTimeout(watchdog);
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#isGone) return Promise.reject(this.#offline('closed'));
    const id = this.#nextWrite++;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#writes.set(id, { resolve, reject });
    this.#order({ kind: 'write', id, bytes });
    const watchdog = this.#watchdog('write timeout', this.#line.writeTimeoutMs ?? 5000);
    return promise.finally(() => clearTimeout(watchdog));
  }

  onBytes(listener: (bytes: Uint8Array) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onClose(listener: () => void): void {
    void this.#gone.promise.then(listener);
  }

  /** Resolves when the port is free again. May be called any number of times. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const exited = new Promise(resolve => child.once('exit', resolve));
      const watchdog = this.#watchdog('close timeout', closeTimeoutMs);
      this.#order({ kind: 'close' });
      await exited;
      clearTimeout(watchdog);
    }
    this.#lost('closed');
  }

  #hear(news: SerialNews): void {
    switch (news.kind) {
      case 'opened':
        this.#opened.resolve();
        break;
      case 'bytes':
        for (const listener of [...this.#listeners]) listener(news.bytes);
        break;
      case 'written':
        this.#writes.get(news.id)?.resolve();
        this.#writes.delete(news.id);
        break;
      case 'gone':
        this.#lost(news.reason);
        break;
    }
  }

  #order(order: SerialOrder): void {
    // A failed send means that the process is ending; its 'exit' settles everything that waits.
    if (this.#child?.connected) this.#child.send(order, () => undefined);
  }

  #watchdog(what: string, ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#child?.kill('SIGKILL');
      this.#lost(what);
    }, ms);
  }

  #lost(reason: string): void {
    if (this.#isGone) return;
    this.#isGone = true;
    const error = this.#offline(reason);
    this.#opened.reject(error);
    for (const { reject } of this.#writes.values()) reject(error);
    this.#writes.clear();
    this.#gone.resolve();
  }

  #offline(reason: string): AppError {
    return new AppError('printer.offline', { path: this.#line.path, reason });
  }
}
