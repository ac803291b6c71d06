import { createHash } from 'node:crypto';
import { AppError } from '../../protocol/app-error.ts';
import { buildCades, type SignatureAlgorithm } from '../../protocol/signature/cades.ts';
import { oids } from '../../protocol/signature/oids.ts';
import { signatureProfiles } from '../../protocol/signature/profiles.ts';
import type { TokenRefusal, TokenService, TokenSigner } from './token-service.ts';

export interface DocumentToSign {
  id: string;
  /** Lower-case hexadecimal digest of the bytes that will be sent. */
  sha256: string;
  /** The bytes; asked for when the signature needs another digest than SHA-256. */
  content(): AsyncIterable<Uint8Array>;
}

export type DocumentsSigned = {
  kind: 'signed';
  /** Detached CAdES-BES in DER, by document id. */
  signatures: Map<string, Uint8Array>;
  certificateSerial: string;
  algorithm: SignatureAlgorithm;
};

/**
 * Signs each document apart (LED-3.6, KEM-8) in one log-in: the clerk types the PIN once. Each
 * signature carries its own signing time from `now`. All are signed or none is given back.
 */
export async function signDocuments(wish: {
  token: TokenService;
  /** Null to use the one that is kept for the holder. */
  pin: string | null;
  /** Login of the clerk who signs. */
  holder?: string;
  documents: DocumentToSign[];
  now: () => Date;
  onProgress?: (done: number, total: number) => void;
}): Promise<DocumentsSigned | TokenRefusal> {
  const outcome = await wish.token.session(wish.pin, signer => signAll(signer, wish), wish.holder);
  return outcome.kind === 'done' ? { kind: 'signed', ...outcome.value } : outcome;
}

async function signAll(
  { certificate, sign }: TokenSigner,
  wish: Parameters<typeof signDocuments>[0],
): Promise<Omit<DocumentsSigned, 'kind'>> {
  const { der, algorithm, serial } = certificate;
  const signatures = new Map<string, Uint8Array>();
  const waiting = [...wish.documents];
  const signOneByOne = async () => {
    for (let document = waiting.shift(); document; document = waiting.shift()) {
      try {
        const contentDigest = await digestOf(document, algorithm);
        const signingTime = wish.now();
        const input = { contentDigest, certificate: der, signingTime, algorithm, sign };
        signatures.set(document.id, await buildCades(input));
      } catch (error) {
        waiting.length = 0;
        throw error;
      }
      wish.onProgress?.(signatures.size, wish.documents.length);
    }
  };
  // The token has the next digest at hand when it is done with one, and the last signature is checked meanwhile.
  const outcomes = await Promise.allSettled([signOneByOne(), signOneByOne(), signOneByOne()]);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return { signatures, certificateSerial: serial, algorithm };
}

/** Reads the content piece by piece, and makes sure that it is what was recognised and shown. */
async function digestOf(document: DocumentToSign, algorithm: SignatureAlgorithm): Promise<Uint8Array> {
  const profile = signatureProfiles[algorithm];
  if (profile.digestOid === oids.sha256) return Buffer.from(document.sha256, 'hex');
  const [digest, proof] = [profile.createDigest(), createHash('sha256')];
  for await (const bytes of document.content()) {
    digest.update(bytes);
    proof.update(bytes);
  }
  if (proof.digest('hex') !== document.sha256)
    throw new AppError('journal.blob-corrupt', { sha256: document.sha256 });
  return digest.digest();
}
