import type { DatabaseSync } from 'node:sqlite';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { parseQuery, shortestBeginning } from './query.ts';
import { snippet } from './snippet.ts';
import { joinedNumbers, tokens } from './tokens.ts';

/** A document as it is looked for. */
export interface IndexedDocument {
  documentId: string;
  caseId: string;
  kind: string;
  /** Of the branch, `2026-11-22`. */
  day: string;
  /** Whatever changes when the text does. */
  version: string;
  /** Text of each page. */
  pages: string[];
}

export interface TextFilter {
  caseId?: string;
  kind?: string;
  /** First and last day, both included. */
  from?: string;
  to?: string;
}

export interface TextHit {
  documentId: string;
  caseId: string;
  kind: string;
  /** Page of the snippet, from 0. */
  page: number;
  /** A piece of the text with the hits in square brackets. */
  snippet: string;
}

export interface TextIndex {
  /** Takes a document; replaces what was there. */
  put(document: IndexedDocument): void;
  remove(documentId: string): void;
  /** Of a document; undefined when it is not there. */
  version(documentId: string): string | undefined;
  /** What is in the index, by document: its version. */
  versions(): Map<string, string>;
  /**
   * Documents that hold all words of the query: those where the words stand side by side first, then those
   * that hold them whole, then those with words that begin so; the newest first among each. Forms of a word, ё
   * and capitals make no difference, nor do digits that were read for letters and the reverse; from four
   * letters on the end of a word may be missing. Any text is a valid query; without a word in it nothing is found.
   */
  search(query: string, filter: TextFilter, limit: number): TextHit[];
}

const pageBreak = '\f';

const schema = `
  create table if not exists documents (
    id integer primary key,
    document_id text not null unique,
    case_id text not null,
    kind text not null,
    day text not null,
    version text not null,
    -- of all pages, packed: a page of print is 3 KB, packed 1.2
    text blob not null
  ) strict;
  create virtual table if not exists document_words using fts5 (
    words, stems, numbers, marks,
    content = '', contentless_delete = 1, prefix = '${shortestBeginning}', tokenize = "unicode61 remove_diacritics 0"
  );
`;

/** Throws what SQLite says when the file is damaged; it holds nothing that cannot be read again from elsewhere. */
export function createTextIndex(db: DatabaseSync): TextIndex {
  db.exec(schema);
  const insert = db.prepare(
    'insert into documents (document_id, case_id, kind, day, version, text) values (?, ?, ?, ?, ?, ?)',
  );
  const insertWords = db.prepare(
    'insert into document_words (rowid, words, stems, numbers, marks) values (?, ?, ?, ?, ?)',
  );
  const findRow = db.prepare('select id from documents where document_id = ?');
  const deleteRow = db.prepare('delete from documents where id = ?');
  const deleteWords = db.prepare('delete from document_words where rowid = ?');
  const versionOf = db.prepare('select version from documents where document_id = ?');
  const versions = db.prepare('select document_id, version from documents');
  const find = db.prepare(`
    select d.document_id as documentId, d.case_id as caseId, d.kind, d.text from document_words w
    join documents d on d.id = w.rowid
    where document_words match ? and d.day between ? and ? order by w.rowid desc limit ?`);

  function removeRow(documentId: string): void {
    const id = findRow.get(documentId)?.id;
    if (id === undefined) return;
    deleteWords.run(id);
    deleteRow.run(id);
  }

  return {
    put: ({ documentId, caseId, kind, day, version, pages }) =>
      atomically(db, () => {
        removeRow(documentId);
        const text = pages.map(page => page.replaceAll(pageBreak, ' ')).join(pageBreak);
        const found = tokens(text);
        const { lastInsertRowid } = insert.run(
          documentId,
          caseId,
          kind,
          day,
          version,
          deflateRawSync(text, { level: 3 }),
        );
        insertWords.run(
          lastInsertRowid,
          found.map(({ word }) => word).join(' '),
          found.map(({ stem }) => stem).join(' '),
          [...found.flatMap(({ number }) => number ?? []), ...joinedNumbers(text)].join(' '),
          [markOfCase(caseId), markOfKind(kind), ...marksOfDay(day)].join(' '),
        );
      }),
    remove: documentId => atomically(db, () => removeRow(documentId)),
    version: documentId => versionOf.get(documentId)?.version as string | undefined,
    versions: () =>
      new Map(
        versions.all().map(({ document_id: id, version }): [string, string] => [String(id), String(version)]),
      ),
    search(query, filter, limit) {
      const { expressions, isHit } = parseQuery(query);
      const { from = '', to = '9999' } = filter;
      const hits = new Map<string, TextHit>();
      for (const expression of expressions) {
        const match = [expression, ...marksOf(filter)].join(' AND ');
        for (const row of find.all(match, from, to, limit)) {
          const documentId = String(row.documentId);
          if (hits.size === limit || hits.has(documentId)) continue;
          const pages = inflateRawSync(row.text as Uint8Array)
            .toString()
            .split(pageBreak);
          const about = { documentId, caseId: String(row.caseId), kind: String(row.kind) };
          hits.set(documentId, { ...about, ...snippet(pages, isHit) });
        }
        if (hits.size === limit) break;
      }
      return [...hits.values()];
    },
  };
}

/* Marks are words that no person can type into a query's columns: what is filtered by is narrowed down in the index itself. */
const plain = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
const markOfCase = (caseId: string) => `case${plain(caseId)}`;
const markOfKind = (kind: string) => `kind${plain(kind)}`;
const marksOfDay = (day: string) => [`year${day.slice(0, 4)}`, `month${day.slice(0, 4)}${day.slice(5, 7)}`];

function marksOf({ caseId, kind, from, to }: TextFilter): string[] {
  const times = from !== undefined && to !== undefined ? marksBetween(from, to) : [];
  return [
    ...(caseId === undefined ? [] : [`(marks : "${markOfCase(caseId)}")`]),
    ...(kind === undefined ? [] : [`(marks : "${markOfKind(kind)}")`]),
    ...(times.length === 0 ? [] : [`(${times.map(mark => `(marks : "${mark}")`).join(' OR ')})`]),
  ];
}

/** Months, or years when there are many; an expression must not grow with what a person asks for. */
function marksBetween(from: string, to: string): string[] {
  const monthOf = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
  const [first, last] = [monthOf(from), monthOf(to)];
  if (!(last >= first) || last - first > 12 * 20) return [];
  const months = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const year = (month: number) => String(Math.floor(month / 12)).padStart(4, '0');
  if (months.length > 24) return [...new Set(months.map(month => `year${year(month)}`))];
  return months.map(month => `month${year(month)}${String((month % 12) + 1).padStart(2, '0')}`);
}

function atomically(db: DatabaseSync, work: () => void): void {
  db.exec('begin');
  try {
    work();
    db.exec('commit');
  } catch (error) {
    if (db.isTransaction) db.exec('rollback');
    throw error;
  }
}
