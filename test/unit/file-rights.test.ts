import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openTextIndex } from '../../platform/text-index/open-text-index.ts';
import { openTestJournal, plainFact, silentLog } from '../fixtures/books.ts';

test('what is written about people is read by nobody else on the machine, also in files of an earlier version', async t => {
  const dir = mkdtempSync(join(tmpdir(), 'okno-rights-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const path = join(dir, 'text-index.db');
  const before = openTestJournal(join(dir, 'box.db'));
  await before.journal.commit([plainFact()]);
  await before.journal.close();
  before.db.close();
  chmodSync(join(dir, 'box.db'), 0o644);

  const { db, journal } = openTestJournal(join(dir, 'box.db'));
  const index = openTextIndex(path, silentLog);
  t.after(async () => {
    await index.close();
    await journal.close();
    db.close();
  });
  await journal.commit([plainFact(2)]);
  const page = {
    documentId: 'd',
    caseId: 'c',
    kind: 'other',
    day: '2026-11-22',
    version: '1',
    pages: ['слово'],
  };
  await index.put(page);
  const files = readdirSync(dir);
  assert.ok(files.length >= 4, files.join());
  const open = files.filter(name => (statSync(join(dir, name)).mode & 0o077) !== 0);
  assert.deepEqual(open, []);
});
