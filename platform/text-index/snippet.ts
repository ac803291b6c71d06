import { type Form, placesOf } from './tokens.ts';

/** Letters that a snippet shows at most, its marks not counted. */
const snippetLength = 160;

interface Place {
  start: number;
  end: number;
}

/**
 * The part of a page with the most words that were asked for, each hit in square brackets, and its page.
 * Brackets of the text itself become round, so that a mark is always a mark.
 */
export function snippet(
  pages: readonly string[],
  isHit: (form: Form) => boolean,
): { page: number; snippet: string } {
  let best = { page: 0, plain: '', hits: [] as Place[], from: 0, count: -1 };
  for (const [page, text] of pages.entries()) {
    const plain = text.replace(/\s+/g, ' ').replaceAll('[', '(').replaceAll(']', ')').trim();
    const hits = placesOf(plain, isHit);
    const dense = densest(hits);
    if (dense.count > best.count) best = { page, plain, hits, ...dense };
  }
  return { page: best.page, snippet: marked(best.plain, best.hits, best.from) };
}

/** Where a snippet would begin to show the most hits, and how many; a moving window over their places. */
function densest(hits: readonly Place[]): { from: number; count: number } {
  let best = { from: 0, count: 0 };
  let end = 0;
  for (const [index, first] of hits.entries()) {
    while (end < hits.length && (hits[end]?.end ?? 0) <= first.start + snippetLength - 30) end++;
    if (end - index > best.count) best = { from: Math.max(0, first.start - 30), count: end - index };
  }
  return best;
}

function marked(plain: string, hits: readonly Place[], wanted: number): string {
  const from = wanted === 0 ? 0 : plain.indexOf(' ', wanted) + 1;
  const end =
    plain.length <= from + snippetLength ? plain.length : plain.lastIndexOf(' ', from + snippetLength);
  const to = end > from ? end : Math.min(plain.length, from + snippetLength);
  let text = '';
  let at = from;
  for (const hit of hits) {
    if (hit.start < from || hit.end > to) continue;
    text += `${plain.slice(at, hit.start)}[${plain.slice(hit.start, hit.end)}]`;
    at = hit.end;
  }
  text += plain.slice(at, to);
  return `${from > 0 ? '… ' : ''}${text}${to < plain.length ? ' …' : ''}`;
}
