import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteInThread } from '../../../central/ledger/threaded-sqlite.ts';
import { openBlobStore } from '../../../platform/blob-store.ts';
import { codeOf } from '../../../protocol/app-error.ts';
import { contentOf } from '../../../protocol/facts.ts';
import { encodeMessage } from '../../../protocol/messages.ts';
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
    while (!(await goOnWith(blob.sha256, bytes)));
    say('content', blob.sha256);
    await ledger.contentArrived(blob);
    await tell();
  }
}

/** As a box sends: from where the centre is, in pieces; anew when the whole is not what it should be. */
async function goOnWith(sha256: string, bytes: Buffer): Promise<boolean> {
  const piece = randomInt(500, 3000);
  let at = await blobs.partSize(sha256);
  if (at >= bytes.length) at = 0;
  if (at === 0) await blobs.dropPart(sha256);
  try {
    for (; (await blobs.append(sha256, at, bytes.length, bytes.subarray(at, at + piece))) === 'part'; )
      at += piece;
    return true;
  } catch (error) {
    if (codeOf(error) !== 'sync.content-mismatch') throw error;
    return false;
  }
}
// Twice over, so that repeats meet each other and share a commit.
await Promise.all([messages(), messages(), content()]);
process.exit(0);
