import type { Text } from '../../protocol/values.ts';
import { asOtherLayouts } from './keyboard-layouts.ts';

/** What of a service is searched. */
interface Searched {
  title: Text;
  short?: Text;
  keywords: string[];
}

/** Letters as people type them: «ё» is «е», case and punctuation do not matter. */
export function plainWords(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll('ё', 'е')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '');
}

/**
 * Services in which every typed word begins some word of the title or of the keywords, in any language;
 * services whose title fits come first. What finds nothing is tried as if it were typed in the other
 * keyboard layout («pfuhfy» is «загран»), and then with one letter wrong. An empty wish finds nothing.
 */
export function findServices<S extends Searched>(services: readonly S[], wish: string): S[] {
  const readings = [wish, ...asOtherLayouts(wish)].map(plainWords).filter(words => words.length > 0);
  for (const begins of [exactly, nearly])
    for (const wanted of readings) {
      const found = search(services, wanted, begins);
      if (found.length > 0) return found;
    }
  return [];
}

type Begins = (word: string, want: string) => boolean;

function search<S extends Searched>(services: readonly S[], wanted: string[], begins: Begins): S[] {
  const fits = (words: string[]) => wanted.every(want => words.some(word => begins(word, want)));
  const byTitle: S[] = [];
  const byKeyword: S[] = [];
  for (const service of services) {
    const title = plainWords(Object.values(service.title).join(' '));
    if (fits(title)) byTitle.push(service);
    else if (
      fits([...title, ...plainWords([...Object.values(service.short ?? {}), ...service.keywords].join(' '))])
    )
      byKeyword.push(service);
  }
  return [...byTitle, ...byKeyword];
}

const exactly: Begins = (word, want) => word.startsWith(want);

/** Shorter words with a letter wrong would begin anything. */
const shortestNear = 4;

/** One letter is wrong, missing, too many, or two have changed places. */
const nearly: Begins = (word, want) => {
  if (word.startsWith(want)) return true;
  if (want.length < shortestNear) return false;
  let at = 0;
  while (at < want.length && want[at] === word[at]) at++;
  const rest = (from: string, skip: number) => from.slice(at + skip);
  return (
    rest(word, 1).startsWith(rest(want, 1)) ||
    rest(word, 1).startsWith(rest(want, 0)) ||
    rest(word, 0).startsWith(rest(want, 1)) ||
    (want[at] === word[at + 1] && want[at + 1] === word[at] && rest(word, 2).startsWith(rest(want, 2)))
  );
};
