import type { TokenMechanism } from '../tokens/mechanisms.ts';

/** Which token is meant: what is not given may be anything. */
export interface TokenChoice {
  label?: string | undefined;
  serial?: string | undefined;
}

/** What the token service and its child process say to each other. Bytes travel as `Uint8Array`. */
export type TokenRequest =
  | { op: 'look'; token: TokenChoice }
  /**
   * Opens a session and logs in, once; the PIN is in no other message. Null means the one that is kept for
   * this holder. `keepMs` above 0 keeps a PIN that was right for so long, counted from now.
   */
  | { op: 'open'; token: TokenChoice; keyId: Uint8Array; pin: string | null; keep: KeptPin }
  /** `input` is what the mechanism wants: bytes or their digest. */
  | { op: 'sign'; input: Uint8Array; mechanism: TokenMechanism }
  /** Wipes the PIN that is kept, whoever's it is. */
  | { op: 'forget' }
  /** Logs out and closes the session; harmless when none is open. */
  | { op: 'close' };

/** For whom a PIN is kept, in ms from the moment it was typed; 0 for not at all. */
export interface KeptPin {
  holder: string;
  keepMs: number;
}

/** PIN flags of CK_TOKEN_INFO (PKCS#11 2.40 section 3.2). */
export interface PinFlags {
  countLow: boolean;
  finalTry: boolean;
  locked: boolean;
}

export type TokenReply =
  | { kind: 'absent' }
  /** A token is there, but not the one that is meant. */
  | { kind: 'other-token' }
  | {
      kind: 'token';
      label: string;
      serial: string;
      pinFlags: PinFlags;
      certificates: { keyId: Uint8Array; der: Uint8Array }[];
    }
  | { kind: 'opened' }
  /** `counted`: the token compared the PIN and counts the try; not so when its length was refused. */
  | { kind: 'pin-refused'; counted: boolean; pinFlags: PinFlags }
  | { kind: 'pin-locked' }
  /** None was given, and none is kept for this holder. */
  | { kind: 'pin-needed' }
  | { kind: 'no-key' }
  | { kind: 'signature'; signature: Uint8Array }
  | { kind: 'closed' }
  /** `reason` is the name of a CKR code or of a loading error; it holds no input of the call. */
  | { kind: 'failed'; reason: string };

export interface NumberedRequest {
  id: number;
  request: TokenRequest;
}

export interface NumberedReply {
  id: number;
  reply: TokenReply;
}

/** Unasked: a token was plugged in or pulled out. */
export interface PlugNews {
  id: null;
}
