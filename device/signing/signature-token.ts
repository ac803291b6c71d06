import type { ErrorCode } from '../../protocol/errors.ts';
import type { CertificateFault, TokenCertificate } from './token-certificate.ts';

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
  | { kind: 'pin-needed' }
  | { kind: 'token-gone' }
  | { kind: 'other-token' }
  | { kind: 'no-key' }
  | { kind: CertificateFault }
  | { kind: 'fault'; code: ErrorCode };

/** What work inside one log-in may use. `sign` digests by the algorithm of the certificate; see `Sign` of CAdES. */
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
  /**
   * The same with the signing inside `work`; an error of `work` itself is thrown after the log-out. The PIN
   * may be null when one is kept for the holder, a clerk's login.
   */
  session<T>(
    pin: string | null,
    work: (signer: TokenSigner) => Promise<T>,
    holder?: string,
  ): Promise<{ kind: 'done'; value: T } | TokenRefusal>;
  /** Whether this holder may sign without typing the PIN again. */
  keepsPinOf(holder: string): boolean;
  /** Wipes what is kept for this holder. */
  forgetPin(holder: string): Promise<void>;
  /** Process id of the child that holds the module, when it runs. */
  hostPid(): number | undefined;
  close(): Promise<void>;
}
