import { createHash } from 'node:crypto';
import { buildCades, type SignatureAlgorithm } from '../../protocol/signature/cades.ts';
import type { TokenRefusal, TokenService } from './token-service.ts';

export type DocumentToSign = { id: string } & (
  | { pdf: Uint8Array }
  /** Lower-case hexadecimal digest of the bytes that will be sent. */
  | { sha256: string }
);

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
  pin: string;
  documents: DocumentToSign[];
  now: () => Date;
  onProgress?: (done: number, total: number) => void;
}): Promise<DocumentsSigned | TokenRefusal> {
  const outcome = await wish.token.session(wish.pin, async ({ certificate, sign }) => {
    const signatures = new Map<string, Uint8Array>();
    for (const document of wish.documents) {
      const contentDigest =
        'pdf' in document
          ? createHash('sha256').update(document.pdf).digest()
          : Buffer.from(document.sha256, 'hex');
      const { der, algorithm } = certificate;
      const signature = await buildCades({
        contentDigest,
        certificate: der,
        signingTime: wish.now(),
        algorithm,
        sign,
      });
      signatures.set(document.id, signature);
      wish.onProgress?.(signatures.size, wish.documents.length);
    }
    return { signatures, certificateSerial: certificate.serial, algorithm: certificate.algorithm };
  });
  return outcome.kind === 'done' ? { kind: 'signed', ...outcome.value } : outcome;
}
