import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { ContentClient } from '../../device/sync/content-client.ts';
import { createDownlink } from '../../device/sync/downlink.ts';
import { type DownEntry, protocolVersion } from '../../protocol/messages.ts';
import type { Blob } from '../../protocol/values.ts';
import { openTestJournal, silentLog } from '../fixtures/books.ts';

const log = randomUUID();
const content: Blob = { sha256: 'a'.repeat(64), sizeBytes: 1, mediaType: 'application/json' };
const at = new Date().toISOString();
const register = (seq: number): DownEntry => ({
  ...{ seq, at, type: 'register.published', body: { version: seq, content } },
});

test('F15 what the centre repeats while content is on its way does not pile up in memory, and is applied once', async t => {
  const { db, journal, state } = openTestJournal();
  t.after(async () => {
    await journal.close();
    db.close();
  });
  const here = Promise.withResolvers<void>();
  let applied = 0;
  const nothing = () => [];
  const downlink = createDownlink({
    ...{ journal, state, log: silentLog, parked: nothing, blobs: undefined as never },
    content: { download: () => here.promise } as unknown as ContentClient,
    handlers: {
      ...{ status: nothing, appointment: nothing, result: async () => [], destroyed: async () => [] },
      async register() {
        applied++;
        return [];
      },
    },
  });
  const entries = [1, 2, 3].map(register);
  const accept = (from: number) =>
    downlink.accept({ v: protocolVersion, log, entries: entries.slice(from - 1) });
  const repeats = Array.from({ length: 1000 }, () => [accept(1), accept(3)]).flat();
  assert.equal(new Set(repeats).size, 2);
  here.resolve();
  assert.deepEqual(new Set((await Promise.all(repeats)).map(({ upTo }) => upTo)), new Set([3]));
  assert.equal((await accept(1)).upTo, 3);
  assert.equal(applied, 3);
});
