import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { TLSSocket } from 'node:tls';
import { AppError } from '../../protocol/app-error.ts';
import type { CentreConfig } from '../config.ts';

/** Who may come in as a box. */
export interface Enrolment {
  isEnrolled: (box: string) => boolean;
  /** Public keys of boxes that were stolen or lost, as `keyOf` writes them: each certificate for them is refused. */
  refusedKeys?: ReadonlySet<string> | undefined;
}

/** The box at the other end of a line, by its certificate; undefined for anybody else. */
export function boxAt(socket: TLSSocket, { isEnrolled, refusedKeys }: Enrolment): string | undefined {
  const subject = socket.getPeerCertificate().subject as { CN?: string } | undefined;
  const box = subject?.CN;
  if (box === undefined || !isEnrolled(box)) return undefined;
  if (!refusedKeys || refusedKeys.size === 0) return box;
  const certificate = socket.getPeerX509Certificate();
  return certificate && !refusedKeys.has(keyOf(certificate)) ? box : undefined;
}

/** The public key of a certificate: a renewed one has the same (`okno centre renew-certificate`). */
export const keyOf = ({ publicKey }: X509Certificate): string =>
  publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

/** Throws `setup.bad-configuration` for `refused` that cannot be read, or that nobody would heed. */
export async function openEnrolment(config: CentreConfig): Promise<Enrolment> {
  const { boxes, refused = [], rabbitmq } = config;
  const bad = (what: string, cause?: unknown) =>
    new AppError('setup.bad-configuration', { what: `refused: ${what}` }, { cause });
  // There boxes connect to brokers, which never ask us.
  if (rabbitmq && refused.length > 0) throw bad('rabbitmq, docs/SCALE.md');
  const files = refused.map(async path => {
    try {
      return await readFile(path, 'utf8').then(pem => keyOf(new X509Certificate(pem)));
    } catch (error) {
      throw bad(path, error);
    }
  });
  const names = new Set(boxes.map(({ box }) => box));
  return { isEnrolled: box => names.has(box), refusedKeys: new Set(await Promise.all(files)) };
}
