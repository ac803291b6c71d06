import { type Form, joinedNumbers, type Token, tokens } from './tokens.ts';

/** What a person typed, understood. */
export interface TextQuery {
  /**
   * FTS5 expressions, the most telling first: the words as a phrase, the words anywhere, words that begin so. Each
   * finds what the one before it does. Empty: nothing was asked for.
   */
  expressions: string[];
  /** Whether a word of a text is one of those that were asked for. */
  isHit(form: Form): boolean;
}

/** More words in a query are ignored: nobody types them, and each costs a lookup. */
const mostWords = 16;
/** The index keeps beginnings from this length on; shorter words must be whole. */
export const shortestBeginning = 4;

/**
 * Any text is a valid query. All its words must be found, in whatever form; words in quotation marks must
 * stand side by side in that order. Only letters and digits come out of `tokens`, so that no FTS5 syntax can
 * come from a person.
 */
export function parseQuery(text: string): TextQuery {
  const quoted = [...text.matchAll(/["«„“]([^"»“”„]*)["»“”]/g)].map(match => phrase(tokens(match[1] ?? '')));
  const words = tokens(text).slice(0, mostWords);
  if (words.length === 0) return { expressions: [], isHit: () => false };

  const required = quoted.filter(each => each !== undefined).map(each => ` AND ${each}`);
  const sideBySide = phrase(words);
  const [digits] = joinedNumbers(text);
  const anywhere = (conditions: string[]) => {
    const all = conditions.join(' AND ');
    return `(${digits === undefined ? all : `(${all}) OR (numbers : "${digits}")`})${required.join('')}`;
  };
  const whole = words.map(wholeWord);
  // For a beginning SQLite reads all documents of all words that begin so, at once; whole words come as they are asked for.
  const begun = words.map(({ word }, index) =>
    word.length < shortestBeginning ? (whole[index] ?? '') : `(${whole[index]} OR (words : "${word}"*))`,
  );
  return {
    expressions: [
      ...(sideBySide === undefined ? [] : [`(${sideBySide})${required.join('')}`]),
      anywhere(whole),
      ...(words.some(({ word }) => word.length >= shortestBeginning) ? [anywhere(begun)] : []),
    ],
    isHit: token => words.some(each => fits(each, token)),
  };
}

function phrase(words: Token[]): string | undefined {
  if (words.length < 2) return undefined;
  return `(stems : "${words
    .slice(0, mostWords)
    .map(({ stem }) => stem)
    .join(' ')}")`;
}

/** Endings of surnames are cut differently («Соловьёв» → солов, «Соловьёва» → соловьев): a stem may be a whole word. */
function wholeWord({ word, stem, number }: Token): string {
  return `((stems : "${stem}") OR (words : "${stem}") OR (words : "${word}") OR (numbers : "${number ?? word}")${
    number === undefined ? '' : ` OR (words : "${number}")`
  })`;
}

function fits(wanted: Token, token: Form): boolean {
  return (
    token.stem === wanted.stem ||
    token.word === wanted.stem ||
    (wanted.word.length >= shortestBeginning
      ? token.word.startsWith(wanted.word)
      : token.word === wanted.word) ||
    token.number === (wanted.number ?? wanted.word) ||
    (wanted.number !== undefined && token.word === wanted.number)
  );
}
