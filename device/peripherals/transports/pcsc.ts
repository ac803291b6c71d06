import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createBackoff } from '../../../platform/backoff.ts';
import type { Log } from '../../../platform/log.ts';
import { AppError } from '../../../protocol/app-error.ts';
import type { PcscNews, PcscOrder } from '../host/pcsc-messages.ts';

export interface CardListener {
  /** A card lies in the reader; `atr` as the reader gave it. */
  card(atr: Uint8Array): void;
  unreadable(): void;
  gone(): void;
}

/** Card readers of this machine, by the names that pcscd gives them. */
export interface CardService {
  /** Whether pcscd answers. */
  runs(): boolean;
  readers(): string[];
  /** Hears of cards in one reader; of one that lies there already, at once. Returns the way to stop. */
  listen(reader: string, listener: CardListener): () => void;
  /** One command and its answer with the status word. Throws `card.gone`, `card.unreadable`, `card.timeout`. */
  transmit(reader: string, apdu: Uint8Array, deadlineMs?: number): Promise<Uint8Array>;
  /** Process id of the child while it runs, for health pages. */
  pid(): number | undefined;
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL('../host/pcsc-host.ts', import.meta.url));
const heartbeatMs = 5_000;
const mostMemoryBytes = 300 * 1024 * 1024;
const usualDeadlineMs = 3_000;

/**
 * Speaks with pcscd through a child process that is started anew, with growing pauses, whenever it crashes, hangs or
 * leaks. `onChange` is called when readers come or go. `env` names another socket of pcscd in tests.
 */
export function startCardService(options: {
  log: Log;
  onChange: () => void;
  env?: Record<string, string>;
}): CardService {
  const { log, onChange } = options;
  const listeners = new Map<string, Set<CardListener>>();
  const cards = new Map<string, Uint8Array>();
  const waiting = new Map<number, { resolve(bytes: Uint8Array): void; reject(error: AppError): void }>();
  const backOff = createBackoff(250, 10_000);
  let child: ChildProcess | undefined;
  let readers: string[] = [];
  let serviceRuns = false;
  /** Forgets the running process, kills it and plans the next. */
  let endNow: (why: object) => void = () => {};
  let owesPong = false;
  let lastId = 0;
  let stopped = false;
  let restart: NodeJS.Timeout | undefined;

  const tell = (reader: string, how: (listener: CardListener) => void) => {
    for (const listener of [...(listeners.get(reader) ?? [])]) how(listener);
  };
  const takeCard = (reader: string) => {
    if (cards.delete(reader)) tell(reader, listener => listener.gone());
  };

  function hear(news: PcscNews): void {
    switch (news.kind) {
      case 'readers':
        ({ serviceRuns, readers } = news);
        for (const reader of [...cards.keys()]) if (!readers.includes(reader)) takeCard(reader);
        onChange();
        break;
      case 'card':
        cards.set(news.reader, news.atr);
        tell(news.reader, listener => listener.card(news.atr));
        break;
      case 'card-unreadable':
        tell(news.reader, listener => listener.unreadable());
        break;
      case 'card-gone':
        takeCard(news.reader);
        break;
      case 'answer':
        waiting.get(news.id)?.resolve(news.bytes);
        waiting.delete(news.id);
        break;
      case 'no-answer':
        waiting.get(news.id)?.reject(new AppError(`card.${news.why}`));
        waiting.delete(news.id);
        break;
      case 'pong':
        owesPong = false;
        // A process that lasted so long does not crash at its start.
        backOff.reset();
        if (news.memoryBytes > mostMemoryBytes) endNow({ memoryBytes: news.memoryBytes });
    }
  }

  function start(): void {
    const started = fork(program, [], {
      serialization: 'advanced',
      execArgv: [],
      ...(options.env && { env: { ...process.env, ...options.env } }),
    });
    child = started;
    owesPong = false;
    started.on('message', (news: PcscNews) => {
      if (child === started) hear(news);
    });
    const ended = (why: object) => {
      if (child !== started) return;
      child = undefined;
      started.kill('SIGKILL');
      for (const { reject } of waiting.values()) reject(new AppError('card.unreadable'));
      waiting.clear();
      hear({ kind: 'readers', serviceRuns: false, readers: [] });
      if (stopped) return;
      const pauseMs = backOff.next();
      log.warn({ ...why, pauseMs }, 'the process of the card readers ended');
      restart = setTimeout(start, pauseMs);
    };
    endNow = ended;
    started.on('error', error => ended({ reason: error.name }));
    started.on('exit', (code, signal) => ended({ exitCode: code, signal }));
  }

  const order = (one: PcscOrder) => {
    // A failed send means that the process is ending; its 'exit' settles everything that waits.
    if (child?.connected) child.send(one, () => undefined);
  };
  const heartbeat = setInterval(() => {
    if (!child) return;
    if (owesPong) return endNow({ reason: 'hung' });
    owesPong = true;
    order({ kind: 'ping' });
  }, heartbeatMs);
  heartbeat.unref();
  start();

  return {
    runs: () => serviceRuns,
    readers: () => [...readers],
    listen(reader, listener) {
      const heard = listeners.get(reader) ?? new Set();
      listeners.set(reader, heard.add(listener));
      const atr = cards.get(reader);
      if (atr) queueMicrotask(() => heard.has(listener) && listener.card(atr));
      return () => heard.delete(listener);
    },
    async transmit(reader, apdu, deadlineMs = usualDeadlineMs) {
      if (!child || !cards.has(reader)) throw new AppError('card.gone');
      const id = ++lastId;
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
      waiting.set(id, { resolve, reject });
      order({ kind: 'transmit', id, reader, apdu });
      const deadline = setTimeout(() => {
        reject(new AppError('card.timeout'));
        // The binding cannot call a command back: only the end of its process frees the reader.
        endNow({ reader, reason: 'no answer' });
      }, deadlineMs);
      try {
        return await promise;
      } finally {
        clearTimeout(deadline);
        waiting.delete(id);
      }
    },
    pid: () => child?.pid,
    async stop() {
      stopped = true;
      clearTimeout(restart);
      clearInterval(heartbeat);
      const stopping = child;
      if (!stopping || stopping.exitCode !== null || stopping.signalCode !== null) return;
      const exited = new Promise(resolve => stopping.once('exit', resolve));
      stopping.kill('SIGKILL');
      await exited;
    },
  };
}
