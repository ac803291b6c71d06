import { existsSync } from 'node:fs';
import type { Log } from '../../platform/log.ts';
import { createTurns } from '../../platform/turns.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import type { SignatureAlgorithm } from '../../protocol/signature/cades.ts';
import { signatureProfiles } from '../../protocol/signature/profiles.ts';
import type { PinFlags, TokenReply } from '../peripherals/host/pkcs11-messages.ts';
import type { TokenProfile } from '../peripherals/tokens/profiles.ts';
import { type PinTriesStore, triesLeft, wrongTriesNow } from './pin-tries.ts';
import type { TokenRefusal, TokenService, TokenSigner, TokenState } from './signature-token.ts';
import {
  type CertificateFault,
  type CertificateOnToken,
  findSigningCertificate,
  type TokenCertificate,
} from './token-certificate.ts';
import { createTokenHost } from './token-host.ts';

export type { PinTriesStore } from './pin-tries.ts';
export type { TokenRefusal, TokenService, TokenSigner } from './signature-token.ts';

/**
 * The clerk's signature token. Native code lives in a child process; calls go one after another. The
 * PIN is handed to the token once per call and never stored, logged or tried again. A
 * branch may let it be kept for a while: then in the memory of that process alone, for the clerk who typed
 * it, until the time is over, the token is pulled out or the clerk logs out.
 *
 * `tokenLabel` and `tokenSerial` pick the token; without them, the first initialised one. `callTimeoutMs` bounds one
 * answer of the token: a GOST signature takes up to 2 s on old models, key search a little more.
 */
export function createTokenService(options: {
  modulePath: string;
  tokenLabel?: string | undefined;
  tokenSerial?: string | undefined;
  profile: TokenProfile;
  env?: Record<string, string>;
  log?: Log;
  /** Called when a token was plugged in or pulled out. */
  onPlug?: (() => void) | undefined;
  pinTries: PinTriesStore;
  clock?: { now(): Date };
  callTimeoutMs?: number;
  /** How long a right PIN serves the clerk who typed it; 0, the default, asks each time. */
  keepPinMs?: number;
}): TokenService {
  const { profile, pinTries, log } = options;
  const token = { label: options.tokenLabel, serial: options.tokenSerial };
  const now = () => options.clock?.now() ?? new Date();
  const host = createTokenHost({
    modulePath: options.modulePath,
    env: options.env ?? {},
    callTimeoutMs: options.callTimeoutMs ?? 15_000,
    log,
    onPlug: options.onPlug,
  });

  /** That the child keeps a PIN, not the PIN. */
  let kept: { holder: string; untilMs: number; pid: number | undefined } | undefined;
  const keepsPinOf = (holder: string) =>
    kept !== undefined &&
    kept.holder === holder &&
    kept.pid === host.pid() &&
    performance.now() < kept.untilMs;

  const turns = createTurns();
  const inTurn = <T>(work: () => Promise<T>) => turns.take('token', work);

  type Look = Extract<TokenReply, { kind: 'token' }>;
  async function look(): Promise<Look | { kind: 'absent' } | { kind: 'other-token' }> {
    if (!existsSync(options.modulePath))
      throw new AppError('setup.package-missing', { package: profile.package, command: profile.command });
    const reply = await host.request({ op: 'look', token });
    if (reply.kind === 'token') return reply;
    kept = undefined;
    if (reply.kind === 'absent' || reply.kind === 'other-token') return reply;
    throw new AppError('token.fault', { reason: reply.kind === 'failed' ? reply.reason : reply.kind });
  }

  const signingCertificate = (seen: Look) =>
    findSigningCertificate(seen.certificates, profile.mechanisms, now());

  /** Why signing cannot even be tried, or the certificate to sign with. */
  function judge(seen: Look): CertificateOnToken | 'pin-locked' | 'no-key' | CertificateFault {
    if (seen.pinFlags.locked) return 'pin-locked';
    const found = signingCertificate(seen);
    return found ? (found.fault ?? found) : 'no-key';
  }

  async function view(): Promise<TokenState> {
    const nothing = { label: null, serial: null, certificate: null, triesLeft: null };
    let seen: Awaited<ReturnType<typeof look>>;
    try {
      seen = await look();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log?.warn({ code: error.code, ...error.details }, 'token cannot be read');
      return { state: 'faulted', ...nothing, code: error.code };
    }
    if (seen.kind === 'absent') return { state: 'absent', ...nothing, code: 'token.absent' };
    if (seen.kind === 'other-token') return { state: 'faulted', ...nothing, code: 'token.other-token' };
    const judged = judge(seen);
    const known = {
      label: seen.label,
      serial: seen.serial,
      certificate: signingCertificate(seen)?.certificate ?? null,
      triesLeft: triesLeft(profile, seen.pinFlags, await pinTries.get(seen.serial)),
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
  async function logIn(
    pin: string | null,
    holder: string,
  ): Promise<TokenRefusal | { kind: 'in'; certificate: TokenCertificate }> {
    const seen = await look();
    if (seen.kind === 'absent') return { kind: 'token-gone' };
    if (seen.kind === 'other-token') return { kind: 'other-token' };
    const judged = judge(seen);
    if (typeof judged === 'string') return { kind: judged };
    const counted = await pinTries.get(seen.serial);
    // Left over from before somebody logged in elsewhere; the next wrong try must not be added to it.
    const wrong = wrongTriesNow(profile, seen.pinFlags, counted);
    if (wrong !== counted) await pinTries.set(seen.serial, wrong);
    if (pin === '')
      return {
        kind: 'pin-refused',
        triesLeft: triesLeft(profile, seen.pinFlags, wrong),
        tokenSerial: seen.serial,
      };
    const keep = { holder, keepMs: holder === '' ? 0 : (options.keepPinMs ?? 0) };
    const typedMs = performance.now();
    const reply = await host.request({ op: 'open', token, keyId: judged.keyId, pin, keep });
    if (reply.kind !== 'opened') kept = undefined;
    switch (reply.kind) {
      case 'opened':
        if (pin !== null) kept = { holder, untilMs: typedMs + keep.keepMs, pid: host.pid() };
        await pinTries.set(seen.serial, 0);
        return { kind: 'in', certificate: judged.certificate };
      case 'pin-refused':
        return pinRefused(seen.serial, reply.pinFlags, reply.counted);
      case 'pin-locked':
      case 'pin-needed':
      case 'no-key':
        return { kind: reply.kind };
      case 'absent':
        return { kind: 'token-gone' };
      case 'other-token':
        return { kind: 'other-token' };
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
    pin: string | null,
    work: (signer: TokenSigner) => Promise<T>,
    holder: string,
  ): Promise<{ kind: 'done'; value: T } | TokenRefusal> {
    let broken: TokenRefusal | undefined;
    const fault = (error: unknown): TokenRefusal => {
      if (!(error instanceof AppError)) throw error;
      log?.warn({ code: error.code, ...error.details }, 'token fault');
      return { kind: 'fault', code: error.code };
    };
    const signWith = async (algorithm: SignatureAlgorithm, toBeSigned: Uint8Array): Promise<Uint8Array> => {
      try {
        const mechanism = profile.mechanisms[algorithm];
        if (!mechanism) throw new AppError('token.fault', { reason: `no mechanism for ${algorithm}` });
        const input =
          mechanism.input === 'bytes' ? toBeSigned : signatureProfiles[algorithm].digest(toBeSigned);
        const reply = await host.request({ op: 'sign', input, mechanism });
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
        entered = await logIn(pin, holder);
      } catch (error) {
        return fault(error);
      }
      if (entered.kind !== 'in') return entered;
      try {
        const { certificate } = entered;
        const sign = (toBeSigned: Uint8Array) => signWith(certificate.algorithm, toBeSigned);
        return { kind: 'done', value: await work({ certificate, sign }) };
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
    session: (pin, work, holder = '') => inTurn(() => session(pin, work, holder)),
    keepsPinOf,
    forgetPin: holder =>
      inTurn(async () => {
        if (kept?.holder !== holder) return;
        kept = undefined;
        if (host.running()) await host.request({ op: 'forget' });
      }),
    async sign({ pin, items, onProgress }) {
      const outcome = await inTurn(() =>
        session(
          pin,
          async ({ sign }) => {
            const signatures = new Map<string, Uint8Array>();
            for (const { id, toBeSigned } of items) {
              signatures.set(id, await sign(toBeSigned));
              onProgress?.(signatures.size, items.length);
            }
            return signatures;
          },
          '',
        ),
      );
      return outcome.kind === 'done' ? { kind: 'signed', signatures: outcome.value } : outcome;
    },
    hostPid: () => host.pid(),
    close: () => inTurn(() => host.stop()),
  };
}
