import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../protocol/app-error.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { BytePipe } from '../byte-pipe.ts';
import type { HeldFile, PipeNews, PipeOrder } from '../host/pipe-messages.ts';

export interface HostedLine extends HeldFile {
  /** The program of the host process; it speaks `pipe-messages.ts`. */
  program: URL;
  /** Code when the file cannot be opened or is gone; `printer.offline` when left out. */
  offline?: ErrorCode;
  /** How long the host process may take to start and open the file; 20000 when left out. */
  openTimeoutMs?: number | undefined;
  /** How long a write may hang before the line counts as dead; 5000 when left out. */
  writeTimeoutMs?: number | undefined;
  /** How often the process is asked whether it lives: it hangs when the next question comes first. 10000 when left out. */
  heartbeatMs?: number | undefined;
}

/** A file that does not close by itself within this time is closed by ending its process. */
const closeTimeoutMs = 1000;
/** While all cores recognise pages, starting a process takes seconds; to kill and start anew would only add to it. */
const startTimeoutMs = 20_000;
/** A process that holds more than this leaks: it is ended, and the file opened anew. Node itself takes some 60 MB. */
const mostMemoryBytes = 300 * 1024 * 1024;

/**
 * A byte pipe over a device file that a child process holds. The pipe closes when the cable is pulled,
 * when the process dies, hangs or leaks, or when a write hangs. Throws an `AppError` when the file cannot
 * be opened; its details name the path and the reason.
 */
export async function openHosted(line: HostedLine): Promise<BytePipe> {
  const host = new HostedPipe(line);
  await host.open();
  return host;
}

class HostedPipe implements BytePipe {
  readonly #line: HostedLine;
  readonly #listeners = new Set<(bytes: Uint8Array) => void>();
  readonly #writes = new Map<number, { resolve: () => void; reject: (error: AppError) => void }>();
  readonly #opened = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<void>();
  #child: ChildProcess | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #owesPong = false;
  #isGone = false;
  #nextWrite = 1;

  constructor(line: HostedLine) {
    this.#line = line;
  }

  async open(): Promise<void> {
    const child = fork(fileURLToPath(this.#line.program), [], { serialization: 'advanced', execArgv: [] });
    this.#child = child;
    child.on('message', (news: PipeNews) => this.#hear(news));
    child.on('error', error => this.#lost(error.message));
    child.on('exit', (code, signal) => this.#lost(`host process ended: ${signal ?? code}`));
    const { path, serial, takesKeyboard } = this.#line;
    this.#order({ kind: 'open', path, ...(serial && { serial }), ...(takesKeyboard && { takesKeyboard }) });
    const watchdog = this.#watchdog('open timeout', this.#line.openTimeoutMs ?? startTimeoutMs);
    try {
      await this.#opened.promise;
    } finally {
      clearTimeout(watchdog);
    }
    if (this.#isGone) return;
    this.#heartbeat = setInterval(() => this.#beat(), this.#line.heartbeatMs ?? 10_000);
    this.#heartbeat.unref();
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

  #hear(news: PipeNews): void {
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
      case 'pong':
        this.#owesPong = false;
        if (news.memoryBytes > mostMemoryBytes) this.#end('too much memory');
        break;
      case 'gone':
        this.#lost(news.reason);
        break;
    }
  }

  #beat(): void {
    if (this.#owesPong) this.#end('hung');
    this.#owesPong = true;
    this.#order({ kind: 'ping' });
  }

  #order(order: PipeOrder): void {
    // A failed send means that the process is ending; its 'exit' settles everything that waits.
    if (this.#child?.connected) this.#child.send(order, () => undefined);
  }

  #watchdog(what: string, ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#end(what), ms);
  }

  #end(what: string): void {
    this.#child?.kill('SIGKILL');
    this.#lost(what);
  }

  #lost(reason: string): void {
    if (this.#isGone) return;
    this.#isGone = true;
    clearInterval(this.#heartbeat);
    const error = this.#offline(reason);
    this.#opened.reject(error);
    for (const { reject } of this.#writes.values()) reject(error);
    this.#writes.clear();
    this.#gone.resolve();
  }

  #offline(reason: string): AppError {
    return new AppError(this.#line.offline ?? 'printer.offline', { path: this.#line.path, reason });
  }
}
