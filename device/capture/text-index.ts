import type { DatabaseSync } from 'node:sqlite';
import { snippet } from './snippet.ts';
import { joinedNumbers, type Token, tokens } from './word-forms.ts';

export interface TextHit {
  documentId: string;
  caseId: string;
  /** A piece of the text with the hits in square brackets. */
  snippet: string;
}

export interface TextIndex {
  /** Takes the text of a document's pages; replaces what was there. Part of the caller's transaction, if any. */
  put(documentId: string, caseId: string, pages: string[]): void;
  remove(documentId: string): void;
  /**
   * Documents that hold all words of the query, best first. Forms of a word, ё and capitals make no
   * difference; the last letters of a word may be missing. Any text is a valid query; without a word in it nothing is found.
   */
  search(query: string, limit: number): TextHit[];
}

export const textIndexSchema = `
  create table if not exists document_text (
    id integer primary key,
    document_id text not null unique,
    case_id text not null,
    text text not null
  ) strict;
  create virtual table if not exists document_words using fts5 (
    words, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0"
  );
`;

/** More words in a query are ignored: nobody types them, and each costs a lookup. */
const mostQueryWords = 16;

/** The caller runs `textIndexSchema` on the database first. */
export function createTextIndex(database: DatabaseSync): TextIndex {
  const insertText = database.prepare(
    'insert into document_text (document_id, case_id, text) values (?, ?, ?)',
  );
  const insertWords = database.prepare('insert into document_words (rowid, words) values (?, ?)');
  const findRow = database.prepare('select id from document_text where document_id = ?');
  const deleteText = database.prepare('delete from document_text where id = ?');
  const deleteWords = database.prepare('delete from document_words where rowid = ?');
  const find = database.prepare(`
    select document_id as documentId, case_id as caseId, text from document_words
    join document_text on document_text.id = document_words.rowid
    where document_words match ? order by rank, document_text.id limit ?`);

  function removeRow(documentId: string): void {
    const id = findRow.get(documentId)?.id;
    if (id === undefined) return;
    deleteWords.run(id);
    deleteText.run(id);
  }

  return {
    put(documentId, caseId, pages) {
      atomically(database, () => {
        removeRow(documentId);
        const text = pages.join('\n\n');
        const { lastInsertRowid } = insertText.run(documentId, caseId, text);
        insertWords.run(lastInsertRowid, indexedWords(text));
      });
    },
    remove: documentId => atomically(database, () => removeRow(documentId)),
    search(query, limit) {
      const wanted = tokens(query).slice(0, mostQueryWords);
      if (wanted.length === 0) return [];
      const digits = joinedNumbers(query)[0];
      const expression = wanted.map(condition).join(' AND ');
      // Only letters and digits come out of `tokens`, so that no FTS5 syntax can come from a person.
      const match = digits === undefined ? expression : `(${expression}) OR "${digits}"`;
      const isHit = (token: Pick<Token, 'word' | 'stem'>) => wanted.some(each => fits(each, token));
      return find.all(match, limit).map(row => ({
        documentId: String(row.documentId),
        caseId: String(row.caseId),
        snippet: snippet(String(row.text), isHit),
      }));
    },
  };
}

/** Both the stem and the word: endings of surnames are cut differently («Соловьёв» → солов, «Соловьёва» → соловьев). */
function indexedWords(text: string): string {
  const words = tokens(text).flatMap(({ word, stem }) => (word === stem ? [word] : [word, stem]));
  return [...words, ...joinedNumbers(text)].join(' ');
}

function condition({ word, stem }: Token): string {
  return `("${stem}" OR "${word}"${word.length >= 2 ? '*' : ''})`;
}

function fits(wanted: Token, token: Pick<Token, 'word' | 'stem'>): boolean {
  return (
    token.stem === wanted.stem ||
    (wanted.word.length >= 2 ? token.word.startsWith(wanted.word) : token.word === wanted.word)
  );
}

/** A savepoint works within a transaction and without one. */
function atomically(database: DatabaseSync, work: () => void): void {
  database.exec('savepoint text_index');
  try {
    work();
    database.exec('release text_index');
  } catch (error) {
    database.exec('rollback to text_index; release text_index');
    throw error;
  }
}
