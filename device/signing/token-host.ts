import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../platform/log.ts';
import { AppError } from '../../protocol/app-error.ts';
import type {
  NumberedReply,
  NumberedRequest,
  PlugNews,
  TokenReply,
  TokenRequest,
} from '../peripherals/host/pkcs11-messages.ts';

const program = fileURLToPath(new URL('../peripherals/host/pkcs11-host.ts', import.meta.url));

export interface TokenHost {
  /** Throws `token.fault` when the child ended or did not answer in time; the next request starts a new one. */
  request(request: TokenRequest): Promise<TokenReply>;
  running(): boolean;
  /** Process id of the child while it runs, for health pages. */
  pid(): number | undefined;
  stop(): Promise<void>;
}

/**
 * The child process that owns the PKCS#11 module: started with the first request. It answers requests in their
 * order, and is killed when it needs more than `callTimeoutMs` for one.
 */
export function createTokenHost(options: {
  modulePath: string;
  env: Record<string, string>;
  callTimeoutMs: number;
  log: Log | undefined;
  onPlug?: (() => void) | undefined;
}): TokenHost {
  type Waiting = { resolve(reply: TokenReply): void; reject(error: AppError): void };
  const waiting = new Map<number, Waiting>();
  let child: ChildProcess | undefined;
  let lastId = 0;
  let watchdog: NodeJS.Timeout | undefined;

  /** For the oldest request, from when the child came to it: when it was sent or the one before was answered. */
  function watch(): void {
    clearTimeout(watchdog);
    const watched = child;
    if (waiting.size === 0 || !watched) return;
    watchdog = setTimeout(() => {
      options.log?.warn({ timeoutMs: options.callTimeoutMs }, 'token does not answer');
      watched.kill('SIGKILL');
    }, options.callTimeoutMs);
  }

  function start(): ChildProcess {
    const started = fork(program, [options.modulePath], {
      serialization: 'advanced',
      execArgv: [],
      // Vendors' modules print as they like when debugging is on in their settings: none of it may reach a log.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // Nothing of the box's own environment is a vendor's business.
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...options.env },
    });
    started.on('message', (message: NumberedReply | PlugNews) => {
      if (message.id === null) {
        if (child === started) options.onPlug?.();
        return;
      }
      waiting.get(message.id)?.resolve(message.reply);
      waiting.delete(message.id);
      watch();
    });
    const ended = (why: Record<string, unknown>) => {
      if (child === started) child = undefined;
      if (waiting.size > 0) options.log?.warn(why, 'token host ended during a call');
      for (const { reject } of waiting.values())
        reject(new AppError('token.fault', { reason: 'host ended' }));
      waiting.clear();
      watch();
    };
    started.on('error', error => ended({ reason: error.name }));
    started.on('exit', (code, signal) => ended({ exitCode: code, signal }));
    return started;
  }

  async function request(request: TokenRequest): Promise<TokenReply> {
    child ??= start();
    const asked = child;
    const id = ++lastId;
    const { promise, resolve, reject } = Promise.withResolvers<TokenReply>();
    waiting.set(id, { resolve, reject });
    if (waiting.size === 1) watch();
    // A failed send means that the child is gone; its `exit` event rejects the promise.
    asked.send({ id, request } satisfies NumberedRequest, () => undefined);
    return await promise;
  }

  async function stop(): Promise<void> {
    const stopping = child;
    if (!stopping) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    stopping.once('exit', () => resolve());
    stopping.kill('SIGKILL');
    await promise;
  }

  return { request, stop, running: () => child !== undefined, pid: () => child?.pid };
}
