import type { Text } from '../../protocol/values.ts';

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
 * Services in which every typed word begins some word of the title or of the keywords, in either
 * language; services whose title fits come first. An empty wish finds nothing.
 */
export function findServices<S extends Searched>(services: readonly S[], wish: string): S[] {
  const wanted = plainWords(wish);
  if (wanted.length === 0) return [];
  const fits = (words: string[]) => wanted.every(want => words.some(word => word.startsWith(want)));
  const byTitle: S[] = [];
  const byKeyword: S[] = [];
  for (const service of services) {
    const title = plainWords(`${service.title.ru} ${service.title.en}`);
    if (fits(title)) byTitle.push(service);
    else if (fits([...title, ...plainWords(`${service.short?.ru ?? ''} ${service.keywords.join(' ')}`)]))
      byKeyword.push(service);
  }
  return [...byTitle, ...byKeyword];
}
