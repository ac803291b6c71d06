import { readCertificate, type X509 } from './certificate.ts';
import { FormatError } from './der.ts';
import { readOcspAnswer } from './ocsp-answer.ts';
import type { RevocationData } from './revocation.ts';
import { readRevocationList } from './revocation-list.ts';

/** Whom to believe, as bytes. */
export interface TrustInput {
  /** Certificates that are trusted as they are, DER. */
  anchors: Uint8Array[];
  /** The same for authorities of time stamps; `anchors` when not given. */
  timeStampAnchors?: Uint8Array[];
  /** Certificate revocation lists, DER; those inside a signature are used besides. */
  revocationLists?: Uint8Array[];
  /** Answers of OCSP responders, DER; those inside a signature are used besides. */
  ocspAnswers?: Uint8Array[];
  /** When the signature existed at the latest, by a stamp over it or over what it lies in; judged already. */
  provenAt?: Date | null;
  /**
   * The moment for which certificates are judged: now, or when the signature is known to have existed
   * (the time at which the centre stored it). The time claimed by the signer decides nothing.
   */
  at: Date;
}

export interface Trust {
  anchors: X509[];
  timeStampAnchors: X509[];
  revocation: RevocationData;
  provenAt: Date | null;
  at: Date;
}

/** What comes from our own configuration and cannot be read is our defect, not the signature's. */
export function trustOf(input: TrustInput): Trust {
  try {
    const anchors = input.anchors.map(readCertificate);
    return {
      anchors,
      timeStampAnchors: input.timeStampAnchors?.map(readCertificate) ?? anchors,
      revocation: {
        lists: (input.revocationLists ?? []).map(readRevocationList),
        answers: (input.ocspAnswers ?? []).map(readOcspAnswer),
      },
      provenAt: input.provenAt ?? null,
      at: input.at,
    };
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new TypeError('a trust anchor, a revocation list or an answer cannot be read', { cause });
  }
}

/** The values of which the reader makes sense; strangers put all kinds of things beside their certificates. */
export function readable<T>(values: readonly Uint8Array[], read: (der: Uint8Array) => T): T[] {
  return values.flatMap(value => {
    try {
      return [read(value)];
    } catch (error) {
      if (error instanceof FormatError) return [];
      throw error;
    }
  });
}
