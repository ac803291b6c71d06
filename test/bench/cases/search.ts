import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createTextIndex, type TextFilter } from '../../../platform/text-index/text-index.ts';
import { atTheEnd } from '../setting/ending.ts';
import { percentile, printLine, say } from '../setting/figures.ts';
import type { Flags } from '../setting/flags.ts';
import { inventText } from '../setting/invented-text.ts';

const pagesPerDocument = 4;
const wordsPerPage = 150;
const hits = 20;
const daysOfArchive = 1000;

/**
 * The text index of a box that has kept so many pages, asked the ways in which people ask. The limit is SQLite's
 * bare full-text match of one frequent word, newest 20 rows, in the same file.
 */
export async function search(flags: Flags): Promise<void> {
  const pages = flags.number('pages', 20_000);
  const folder = mkdtempSync(join(tmpdir(), `okno-bench-${process.pid}-`));
  atTheEnd(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'text-index.db');
  const db = new DatabaseSync(path);
  db.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -16000;');
  const index = createTextIndex(db);
  const text = inventText(1);
  const documents = Math.ceil(pages / pagesPerDocument);
  const startedMs = performance.now();
  for (let number = 0; number < documents; number++)
    index.put({
      documentId: `document-${number}`,
      caseId: `case-${Math.floor(number / 4)}`,
      kind: ['contract', 'application', 'snils', 'passport'][number % 4] ?? '',
      day: dayOf(Math.floor((number / documents) * daysOfArchive)),
      version: '1',
      pages: Array.from({ length: pagesPerDocument }, () => text.page(wordsPerPage)),
    });
  const putMs = (performance.now() - startedMs) / documents;
  db.exec('pragma wal_checkpoint(truncate)');
  say(`  ${documents} documents put in, ${putMs.toFixed(1)} ms each; ${statSync(path).size / 1e6} MB`);

  const bare = db.prepare(
    'select rowid from document_words where document_words match ? order by rowid desc limit ?',
  );
  const limitMs = timesOf(() => bare.all('(words : "договор")', hits));
  const limit = 1000 / percentile(limitMs, 50);
  const asked: [name: string, query: string, filter?: TextFilter][] = [
    ['a frequent word', 'договоры'],
    ['two frequent words', 'договор аренды'],
    ['a rare name', 'Соловьёв'],
    ['a rare and a frequent word', 'Соловьёва договор'],
    ['beginning of a word', 'дого'],
    ['a phrase', `«${text.word(20)} ${text.word(300)}»`],
    ['five words', [3, 10, 30, 60, 90].map(text.word).join(' ')],
    ['in one case', 'договор', { caseId: 'case-7' }],
    ['of one kind', 'договор', { kind: 'snils' }],
    ['of a month long ago', 'договор', { from: dayOf(0), to: dayOf(30) }],
    ['nothing found', 'небывальщина'],
  ];
  for (const [name, query, filter = {}] of asked) {
    const times = timesOf(() => index.search(query, filter, hits));
    const value = 1000 / percentile(times, 50);
    printLine({
      bench: 'search',
      case: `${name}, ${pages} pages`,
      value,
      unit: 'searches/s',
      limit,
      limitUnit: 'bare matches/s',
      ratio: value / limit,
      p50Ms: percentile(times, 50),
      p95Ms: percentile(times, 95),
      found: index.search(query, filter, hits).length,
      putMs,
      bytesPerPage: statSync(path).size / pages,
    });
  }
  db.close();
}

function timesOf(work: () => unknown): number[] {
  return Array.from({ length: 20 }, () => {
    const from = performance.now();
    work();
    return performance.now() - from;
  });
}

const dayOf = (day: number) => new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
