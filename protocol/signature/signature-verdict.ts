import type { Note } from './notes.ts';
import type { Reason } from './reasons.ts';
import type { Verdict } from './verdict.ts';

/** What the signer's certificate says. Times are ISO 8601 in UTC, `serial` is lower-case hexadecimal. */
export interface Signer {
  subject: string;
  commonName: string;
  organisation: string | null;
  title: string | null;
  serial: string;
  issuer: string;
  notBefore: string;
  notAfter: string;
}

/** One judged signature. `reason` is null when it passed; `signedAt` is what the signer claims. */
export interface SignatureVerdict {
  verdict: Verdict;
  reason: Reason | null;
  signer: Signer | null;
  algorithm: string | null;
  signedAt: string | null;
  /**
   * T when a trusted time stamp proves when the signature existed, LT when it is also known that nobody in the
   * path was revoked then; LTA when an archive time stamp covers all of that; null when it could not be read.
   */
  level: 'BES' | 'T' | 'LT' | 'LTA' | null;
  /** The time of that stamp, ISO 8601 in UTC. */
  provenAt: string | null;
  /** What did not decide but should be known, such as `revocation-not-checked`: see `notes.ts`. */
  notes: Note[];
}
