import { tokens } from './word-forms.ts';

/** Letters that a snippet shows at most, its marks not counted. */
const snippetLength = 160;

/**
 * The part of the text with the most words that were asked for, each hit in square brackets. Brackets of the text
 * itself become round, so that a mark is always a mark.
 */
export function snippet(text: string, isHit: (token: { word: string; stem: string }) => boolean): string {
  const plain = text.replace(/\s+/g, ' ').replaceAll('[', '(').replaceAll(']', ')').trim();
  const hits = tokens(plain).filter(isHit);
  let best = { from: 0, count: 0 };
  for (const first of hits) {
    const count = hits.filter(
      hit => hit.start >= first.start && hit.end <= first.start + snippetLength - 30,
    ).length;
    if (count > best.count) best = { from: Math.max(0, first.start - 30), count };
  }
  const from = best.from === 0 ? 0 : plain.indexOf(' ', best.from) + 1;
  const end =
    plain.length <= from + snippetLength ? plain.length : plain.lastIndexOf(' ', from + snippetLength);
  const to = end > from ? end : Math.min(plain.length, from + snippetLength);

  let marked = '';
  let at = from;
  for (const hit of hits) {
    if (hit.start < from || hit.end > to) continue;
    marked += `${plain.slice(at, hit.start)}[${plain.slice(hit.start, hit.end)}]`;
    at = hit.end;
  }
  marked += plain.slice(at, to);
  return `${from > 0 ? '… ' : ''}${marked}${to < plain.length ? ' …' : ''}`;
}
