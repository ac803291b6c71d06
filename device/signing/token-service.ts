import { existsSync } from 'node:fs';
import type { Log } from '../../platform/log.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { PinFlags, TokenReply } from '../peripherals/host/pkcs11-messages.ts';
import type { TokenProfile } from '../peripherals/tokens/profiles.ts';
import { type PinTriesStore, triesLeft, wrongTriesNow } from './pin-tries.ts';
import {
  type CertificateOnToken,
  findSigningCertificate,
  isValidAt,
  type TokenCertificate,
} from './token-certificate.ts';
import { createTokenHost } from './token-host.ts';

export type { PinTriesStore } from './pin-tries.ts';
export type { TokenCertificate } from './token-certificate.ts';

export interface TokenState {
  /** `faulted` also when there is nothing to sign with; `code` says why. */
  state: 'ready' | 'absent' | 'locked' | 'faulted';
  label: string | null;
  serial: string | null;
  certificate: TokenCertificate | null;
  triesLeft: number | null;
  code?: ErrorCode;
}

export type TokenRefusal =
  | { kind: 'pin-refused'; triesLeft: number | null; tokenSerial: string }
  | { kind: 'pin-locked' }
  | { kind: 'token-gone' }
  | { kind: 'no-key' }
  | { kind: 'certificate-expired' }
  | { kind: 'fault'; code: ErrorCode };

/** What work inside one log-in may use. `sign`: EC gives raw r‖s, RSA gives PKCS#1 v1.5; both over SHA-256. */
export interface TokenSigner {
  certificate: TokenCertificate;
  sign(toBeSigned: Uint8Array): Promise<Uint8Array>;
}

export interface TokenService {
  view(): Promise<TokenState>;
  /** One log-in, all items, log-out. Either all are signed or none is given back. */
  sign(wish: {
    pin: string;
    items: { id: string; toBeSigned: Uint8Array }[];
    onProgress?: (done: number, total: number) => void;
  }): Promise<{ kind: 'signed'; signatures: Map<string, Uint8Array> } | TokenRefusal>;
  /** The same with the signing inside `work`; an error of `work` itself is thrown after the log-out. */
  session<T>(
    pin: string,
    work: (signer: TokenSigner) => Promise<T>,
  ): Promise<{ kind: 'done'; value: T } | TokenRefusal>;
  /** Process id of the child that holds the module, when it runs. */
  hostPid(): number | undefined;
  close(): Promise<void>;
}

/**
 * The clerk's signature token. Native code lives in a child process; calls go one after another. The
 * PIN is handed to the token once per call and never stored, logged or tried again (DESIGN section 6).
 *
 * `tokenLabel` picks the token; without it, the first initialised one. `callTimeoutMs` bounds one
 * answer of the token: a GOST signature takes up to 2 s on old models, key search a little more.
 */
export function createTokenService(options: {
  modulePath: string;
  tokenLabel?: string | undefined;
  profile: TokenProfile;
  env?: Record<string, string>;
  log?: Log;
  pinTries: PinTriesStore;
  clock?: { now(): Date };
  callTimeoutMs?: number;
}): TokenService {
  const { profile, pinTries, log } = options;
  const label = options.tokenLabel;
  const now = () => options.clock?.now() ?? new Date();
  const host = createTokenHost({
    modulePath: options.modulePath,
    env: options.env ?? {},
    callTimeoutMs: options.callTimeoutMs ?? 15_000,
    log,
  });

  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  }

  type Look = Extract<TokenReply, { kind: 'token' }>;
  async function look(): Promise<Look | { kind: 'absent' }> {
    if (!existsSync(options.modulePath))
      throw new AppError('setup.package-missing', { package: profile.package, command: profile.command });
    const reply = await host.request({ op: 'look', label });
    if (reply.kind === 'token' || reply.kind === 'absent') return reply;
    throw new AppError('token.fault', { reason: reply.kind === 'failed' ? reply.reason : reply.kind });
  }

  /** Why signing cannot even be tried, or the certificate to sign with. */
  function judge(token: Look): CertificateOnToken | 'pin-locked' | 'no-key' | 'certificate-expired' {
    if (token.pinFlags.locked) return 'pin-locked';
    const found = findSigningCertificate(token.certificates, now());
    if (!found) return 'no-key';
    return isValidAt(found.certificate, now()) ? found : 'certificate-expired';
  }

  async function view(): Promise<TokenState> {
    const nothing = { label: null, serial: null, certificate: null, triesLeft: null };
    let token: Awaited<ReturnType<typeof look>>;
    try {
      token = await look();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log?.warn({ code: error.code, ...error.details }, 'token cannot be read');
      return { state: 'faulted', ...nothing, code: error.code };
    }
    if (token.kind === 'absent') return { state: 'absent', ...nothing, code: 'token.absent' };
    const judged = judge(token);
    const known = {
      label: token.label,
      serial: token.serial,
      certificate: findSigningCertificate(token.certificates, now())?.certificate ?? null,
      triesLeft: triesLeft(profile, token.pinFlags, await pinTries.get(token.serial)),
    };
    if (judged === 'pin-locked') return { state: 'locked', ...known, code: 'token.pin-locked' };
    if (typeof judged === 'string') return { state: 'faulted', ...known, code: `token.${judged}` };
    return { state: 'ready', ...known };
  }

  async function pinRefused(serial: string, flags: PinFlags, counted: boolean): Promise<TokenRefusal> {
    const before = await pinTries.get(serial);
    // The token's flags already know of this try, the count before it may be one behind them.
    const wrong = counted ? before + 1 : wrongTriesNow(profile, flags, before);
    await pinTries.set(serial, wrong);
    log?.warn({ counted, locked: flags.locked }, 'token refused the PIN');
    if (flags.locked) return { kind: 'pin-locked' };
    return { kind: 'pin-refused', triesLeft: triesLeft(profile, flags, wrong), tokenSerial: serial };
  }

  /** Logs in, or says why not. */
  async function logIn(pin: string): Promise<TokenRefusal | { kind: 'in'; certificate: TokenCertificate }> {
    const token = await look();
    if (token.kind === 'absent') return { kind: 'token-gone' };
    const judged = judge(token);
    if (typeof judged === 'string') return { kind: judged };
    const counted = await pinTries.get(token.serial);
    // Left over from before somebody logged in elsewhere; the next wrong try must not be added to it.
    const wrong = wrongTriesNow(profile, token.pinFlags, counted);
    if (wrong !== counted) await pinTries.set(token.serial, wrong);
    if (pin === '')
      return {
        kind: 'pin-refused',
        triesLeft: triesLeft(profile, token.pinFlags, wrong),
        tokenSerial: token.serial,
      };
    const reply = await host.request({ op: 'open', label, keyId: judged.keyId, pin });
    switch (reply.kind) {
      case 'opened':
        await pinTries.set(token.serial, 0);
        return { kind: 'in', certificate: judged.certificate };
      case 'pin-refused':
        return pinRefused(token.serial, reply.pinFlags, reply.counted);
      case 'pin-locked':
      case 'no-key':
        return { kind: reply.kind };
      case 'absent':
        return { kind: 'token-gone' };
      default:
        throw new AppError('token.fault', { reason: reply.kind === 'failed' ? reply.reason : reply.kind });
    }
  }

  async function logOut(): Promise<void> {
    if (!host.running()) return;
    try {
      const reply = await host.request({ op: 'close' });
      if (reply.kind === 'closed') return;
      log?.warn({ reply: reply.kind }, 'token did not log out');
    } catch (error) {
      log?.warn({ code: codeOf(error) }, 'token did not log out');
    }
    // A log-in ends with its process.
    await host.stop();
  }

  async function session<T>(
    pin: string,
    work: (signer: TokenSigner) => Promise<T>,
  ): Promise<{ kind: 'done'; value: T } | TokenRefusal> {
    let broken: TokenRefusal | undefined;
    const fault = (error: unknown): TokenRefusal => {
      if (!(error instanceof AppError)) throw error;
      log?.warn({ code: error.code, ...error.details }, 'token fault');
      return { kind: 'fault', code: error.code };
    };
    const sign = async (toBeSigned: Uint8Array): Promise<Uint8Array> => {
      try {
        const reply = await host.request({ op: 'sign', toBeSigned });
        if (reply.kind === 'signature') return reply.signature;
        if (reply.kind === 'absent') broken = { kind: 'token-gone' };
        throw new AppError('token.fault', { reason: reply.kind === 'failed' ? reply.reason : reply.kind });
      } catch (error) {
        broken ??= fault(error);
        throw error;
      }
    };

    try {
      let entered: Awaited<ReturnType<typeof logIn>>;
      try {
        entered = await logIn(pin);
      } catch (error) {
        return fault(error);
      }
      if (entered.kind !== 'in') return entered;
      try {
        return { kind: 'done', value: await work({ certificate: entered.certificate, sign }) };
      } catch (error) {
        if (broken) return broken;
        throw error;
      }
    } finally {
      await logOut();
    }
  }

  return {
    view: () => inTurn(view),
    session: (pin, work) => inTurn(() => session(pin, work)),
    async sign({ pin, items, onProgress }) {
      const outcome = await inTurn(() =>
        session(pin, async ({ sign }) => {
          const signatures = new Map<string, Uint8Array>();
          for (const { id, toBeSigned } of items) {
            signatures.set(id, await sign(toBeSigned));
            onProgress?.(signatures.size, items.length);
          }
          return signatures;
        }),
      );
      return outcome.kind === 'done' ? { kind: 'signed', signatures: outcome.value } : outcome;
    },
    hostPid: () => host.pid(),
    close: () => inTurn(() => host.stop()),
  };
}
