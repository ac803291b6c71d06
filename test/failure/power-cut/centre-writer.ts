import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteInThread } from '../../../central/ledger/threaded-sqlite.ts';
import { openBlobStore } from '../../../platform/blob-store.ts';
import { openPartStore } from '../../../platform/part-store.ts';
import { codeOf } from '../../../protocol/app-error.ts';
import { contentOf } from '../../../protocol/facts.ts';
import { limits } from '../../../protocol/limits.ts';
import { encodeMessage } from '../../../protocol/messages.ts';
import type { Blob } from '../../../protocol/values.ts';
import { openBooks } from '../../fixtures/books.ts';
import { readBoxBooks } from '../books/box-books.ts';
import { say } from '../books/told.ts';

/**
 * `centre-writer DIR BOX BOX-DIR`: the books and the content store of a centre that take in a box's journal:
 * envelopes that overlap, content in pieces. Says each receipt that would be sent.
 */
const [dir = '', box = '', boxDir = ''] = process.argv.slice(2);
const [journal] = readBoxBooks(boxDir).epochs;
if (!journal) throw new Error('the box has no journal');
const { epoch } = journal;
const facts = [...journal.facts.values()];
const { storage, intake } = await openSqliteInThread({
  ...{ path: join(dir, 'centre.db'), sealAnchors: [], logLevel: 'silent' },
});
const { ledger } = openBooks(storage);
const blobs = await openBlobStore(join(dir, 'blobs'));
const parts = await openPartStore(join(dir, 'blobs', 'part'), blobs);
const chunk = limits.contentChunkBytes;
const tell = async () => {
  const { upTo } = await ledger.receipt(box, epoch);
  if (upTo > 0) say('receipt', epoch, upTo);
};

async function messages(): Promise<void> {
  const { stored } = await ledger.receipt(box, epoch);
  for (let from = stored; from < facts.length; from += randomInt(1, 12)) {
    const payload = encodeMessage({ v: 1, epoch, facts: facts.slice(from, from + 12) });
    for (const { receipt } of await intake([{ box, payload }])) say('receipt', epoch, receipt.upTo);
  }
}

async function content(): Promise<void> {
  for (const blob of facts.flatMap(contentOf)) {
    const bytes = await readFile(join(boxDir, 'blobs', blob.sha256.slice(0, 2), blob.sha256));
    while (!(await goOnWith(blob, bytes)));
    say('content', blob.sha256);
    await ledger.contentArrived(blob);
    await tell();
  }
}

/** As a box sends: what is missing, in pieces of any order; anew when the whole is not what it should be. */
async function goOnWith(blob: Blob, bytes: Buffer): Promise<boolean> {
  const missing = await parts.missing(box, blob);
  if (missing === 'complete') return true;
  const starts = missing.flatMap(({ start, end }) =>
    Array.from({ length: Math.ceil((end + 1 - start) / chunk) }, (_, index) => start + index * chunk),
  );
  try {
    for (const start of starts.sort(() => Math.random() - 0.5))
      await parts.write(box, blob, start, bytes.subarray(start, start + chunk));
    return (await parts.missing(box, blob)) === 'complete';
  } catch (error) {
    if (codeOf(error) !== 'sync.content-mismatch') throw error;
    return false;
  }
}
// Twice over, so that repeats meet each other and share a commit.
await Promise.all([messages(), messages(), content()]);
process.exit(0);
