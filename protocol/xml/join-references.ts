/**
 * A reference as seen from another one, for `xml:base` (Canonical XML 1.1 section 2.4 and appendix A): RFC 3986 section
 * 5.2, but the base may be relative itself, and `..` that leads out of it stays.
 */
export function joinReferences(base: string, reference: string): string {
  const to = partsOf(reference);
  const from = partsOf(base);
  if (to.scheme !== '' || to.authority !== null)
    return written({ ...to, path: withoutDots(to.path) }, from.scheme);
  if (to.path === '') return written({ ...from, query: to.query || from.query }, from.scheme);
  const path = to.path.startsWith('/') ? to.path : merged(from, to.path);
  return written({ ...from, path: withoutDots(path), query: to.query }, from.scheme);
}

interface Parts {
  scheme: string;
  /** Null when there is none. */
  authority: string | null;
  path: string;
  query: string;
}

/** RFC 3986 appendix B; a fragment means nothing in a base. */
function partsOf(reference: string): Parts {
  const match = /^([^:/?#]+:)?(?:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?/.exec(reference);
  return {
    scheme: match?.[1] ?? '',
    authority: match?.[2] ?? null,
    path: match?.[3] ?? '',
    query: match?.[4] ?? '',
  };
}

function written({ scheme, authority, path, query }: Parts, otherScheme: string): string {
  return `${scheme || otherScheme}${authority === null ? '' : `//${authority}`}${path}${query}`;
}

/** Section 5.2.3: beside the last part of the base's path; a base that ends in `..` is a folder. */
function merged({ authority, path }: Parts, reference: string): string {
  if (authority !== null && path === '') return `/${reference}`;
  const folder = /(?:^|\/)\.\.$/.test(path) ? `${path}/` : path;
  return folder.slice(0, folder.lastIndexOf('/') + 1) + reference;
}

function withoutDots(path: string): string {
  const isAbsolute = path.startsWith('/');
  const kept: string[] = [];
  const parts = path.split('/').slice(isAbsolute ? 1 : 0);
  for (const [place, part] of parts.entries()) {
    const isLast = place === parts.length - 1;
    const before = kept.at(-1);
    if (part === '' && !isLast) continue;
    if (part === '..' && before !== undefined && before !== '..') kept.pop();
    else if (part === '..' && !isAbsolute) kept.push('..');
    else if (part !== '.' && part !== '..') kept.push(part);
    if (isLast && (part === '.' || part === '..') && kept.length > 0) kept.push('');
  }
  return (isAbsolute ? '/' : '') + kept.join('/');
}
