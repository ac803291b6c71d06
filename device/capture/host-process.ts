import { type ChildProcess, fork } from 'node:child_process';
import { AppError } from '../../protocol/app-error.ts';
import type { Answer, FromHost, HostSettings, Request } from './host/messages.ts';

/** Somewhere to write technical events; pino fits. Nothing of a page ever goes there. */
export interface CaptureLog {
  info(details: object, text: string): void;
  warn(details: object, text: string): void;
}

/** Why a running process is no more: `crashed` by itself, `stopped` by us, `hung` when it did not answer. */
export type EndReason = 'crashed' | 'stopped' | 'hung';

/** Rejection of every request under way when the process ends. */
export class HostEnded extends Error {
  readonly reason: EndReason;
  constructor(reason: EndReason) {
    super(`the recognising process ended: ${reason}`);
    this.reason = reason;
  }
}

export interface HostProcess {
  /** @throws HostEnded; a process that is silent for `timeoutMs` is ended. */
  request(request: Request, timeoutMs: number): Promise<Answer>;
  /** Undefined while it runs. */
  readonly ended: EndReason | undefined;
  stop(): Promise<void>;
}

const startTimeoutMs = 60_000;

/**
 * Threads share their memory, and that of a picture goes back to the system when it is freed: without a fixed
 * threshold the C library learns from the first picture to keep it (464 → 360 MB with both and the flag below).
 */
const thriftyMalloc = {
  ...{ MALLOC_ARENA_MAX: '2' },
  ...{ MALLOC_MMAP_THRESHOLD_: '1048576', MALLOC_TRIM_THRESHOLD_: '1048576' },
};

/**
 * @param fellBack told, with a technical reason, when a slower program reads because ours does not start
 * @throws AppError `capture.engine-failed` when it does not come up.
 */
export async function startHost(
  settings: HostSettings,
  log: CaptureLog | undefined,
  fellBack: (why: string) => void,
): Promise<HostProcess> {
  const child = fork(new URL('./host/recognise-host.ts', import.meta.url), [JSON.stringify(settings)], {
    serialization: 'advanced',
    // Each thread would let its heap of young objects grow to 48 MB before it looks. Two large functions of the
    // engine that are compiled at once take 50 MB, which come when they like; one after the other takes 28.
    execArgv: ['--expose-gc', '--max-semi-space-size=2', '--v8-pool-size=1'],
    env: { ...process.env, ...thriftyMalloc },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.on('message', (message: FromHost) => {
    if (message.kind === 'fell-back') fellBack(message.why);
  });
  const pending = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  let lastId = 0;
  let ended: EndReason | undefined;
  /** Set before we kill, so that the end can be told apart from a crash. */
  let intention: EndReason | undefined;

  const gone = new Promise<void>(resolve => {
    const end = (code: number | null, signal: NodeJS.Signals | null) => {
      if (ended !== undefined) return;
      ended = intention ?? 'crashed';
      if (ended !== 'stopped') log?.warn({ reason: ended, code, signal }, 'recognising process ended');
      for (const { reject } of pending.values()) reject(new HostEnded(ended));
      pending.clear();
      resolve();
    };
    child.once('exit', end);
    child.once('error', () => end(null, null));
  });

  const kill = (reason: EndReason): Promise<void> => {
    intention ??= reason;
    child.kill('SIGKILL');
    return gone;
  };

  if ((await firstWord(child, gone)) !== 'ready') {
    await kill('stopped');
    throw new AppError('capture.engine-failed', { at: 'start' });
  }
  child.on('message', (message: FromHost) => {
    if (message.kind !== 'answer') return;
    pending.get(message.id)?.resolve(message.answer);
    pending.delete(message.id);
  });
  log?.info({ pid: child.pid }, 'recognising process ready');

  return {
    get ended() {
      return ended;
    },
    stop: () => kill('stopped'),
    request(request, timeoutMs) {
      return new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(new HostEnded(ended));
        const id = ++lastId;
        // Its end rejects: the next call must not meet a dying process.
        const timer = setTimeout(() => void kill('hung'), timeoutMs);
        pending.set(id, {
          resolve: answer => {
            clearTimeout(timer);
            resolve(answer);
          },
          reject: error => {
            clearTimeout(timer);
            reject(error);
          },
        });
        // An error here means that the process just went: `exit` follows and rejects.
        child.send({ ...request, id }, () => undefined);
      });
    },
  };
}

async function firstWord(
  child: ChildProcess,
  gone: Promise<void>,
): Promise<FromHost['kind'] | 'gone' | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      new Promise<FromHost['kind']>(resolve =>
        child.on('message', ({ kind }: FromHost) => {
          if (kind !== 'fell-back') resolve(kind);
        }),
      ),
      gone.then(() => 'gone' as const),
      new Promise<'late'>(resolve => {
        timer = setTimeout(() => resolve('late'), startTimeoutMs);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
