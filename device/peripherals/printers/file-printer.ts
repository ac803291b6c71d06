import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { writeFileAtomically } from '../../../platform/atomic-file.ts';
import type { DocumentPrinter } from '../driver.ts';

/**
 * A "printer" that keeps PDFs in a folder, for a branch whose printer is driven by another program. The
 * file is durable when `print` resolves; the same bytes give the same file, so a repeat does not double.
 */
export function filePrinter(options: { dir: string }): DocumentPrinter {
  return {
    async print(pdf) {
      const jobId = createHash('sha256').update(pdf).digest('hex').slice(0, 16);
      await writeFileAtomically(join(options.dir, `${jobId}.pdf`), pdf);
      return { jobId, printer: `folder:${basename(options.dir)}` };
    },
  };
}
