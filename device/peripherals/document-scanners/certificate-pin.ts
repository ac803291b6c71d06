import { readFile } from 'node:fs/promises';
import { writeFileAtomically } from '../../../platform/atomic-file.ts';
import { AppError } from '../../../protocol/app-error.ts';

/** The certificate that a device on the branch's network showed when it was first used. */
export interface CertificatePin {
  /** Throws `scanner.certificate-changed` for another certificate than the first one. */
  check(fingerprint: string): Promise<void>;
}

/**
 * Keeps the fingerprint in a file. Devices sign their certificates themselves, so the first one is believed and
 * any other refused, until a technician who knows why it changed deletes the file.
 */
export function certificatePin(file: string): CertificatePin {
  let known: string | undefined;
  return {
    async check(fingerprint) {
      known ??= await readFile(file, 'utf8').then(
        text => text.trim(),
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return undefined;
          throw error;
        },
      );
      if (known === undefined) {
        await writeFileAtomically(file, `${fingerprint}\n`);
        known = fingerprint;
      }
      if (known !== fingerprint) throw new AppError('scanner.certificate-changed', { file });
    },
  };
}
