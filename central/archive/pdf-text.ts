import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { poppler } from '../../platform/poppler.ts';

/** Text of each page, as its text layer has it; empty for what cannot be read. */
export async function textOfPdf(bytes: Uint8Array): Promise<string[]> {
  // Readable by us only: documents are personal data.
  const folder = await mkdtemp(join(tmpdir(), 'okno-text-'));
  try {
    const source = join(folder, 'document.pdf');
    await writeFile(source, bytes, { mode: 0o600 });
    const { kind, said } = await poppler(['pdftotext', '-enc', 'UTF-8', source, '-']);
    // Each page ends with a form feed.
    return kind === 'done' ? said.split('\f').slice(0, -1) : [];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
