/** A signed message in the dress of a letter (S/MIME, RFC 8551 section 3.5), which some programs write by default. */
export interface MimeSigned {
  /** The CMS message, base64 as it stands. */
  signature: Uint8Array;
  /** What is signed beside it, or null when it lies inside. */
  content: Uint8Array | null;
}

const signedTypes = /^application\/(?:x-)?pkcs7-(?:mime|signature)\b/i;
const partType = /^multipart\/signed\b/i;

/** Whether a file begins with fields of a letter, and not with base64 or PEM. */
export function isMime(start: string): boolean {
  return /^(?:[!-9;-~]{1,60}:[ \t][^\r\n]*\r?\n)/.test(start);
}

/** The signed message in a letter, or null when it holds none. The first signature part counts, of two parts in all. */
export function readMime(letter: Uint8Array): MimeSigned | null {
  const text = Buffer.from(letter).toString('latin1');
  const { type, body } = partOf(text);
  if (signedTypes.test(type)) return { signature: Buffer.from(body, 'latin1'), content: null };
  const boundary = partType.test(type) ? /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(type) : null;
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) return null;
  const [, signed, signature, end, ...others] = split(body, mark);
  if (signed === undefined || signature === undefined || !end?.startsWith('--') || others.length > 0)
    return null;
  const part = partOf(signature);
  if (!signedTypes.test(part.type)) return null;
  // RFC 8551 section 3.1.1: signed is the form with CR LF, whatever way it took.
  const content = Buffer.from(signed.replace(/\r?\n/g, '\r\n'), 'latin1');
  return { signature: Buffer.from(part.body, 'latin1'), content };
}

/** What stands between the lines that begin with a mark; the line feed before a mark belongs to it (RFC 2046 section 5.1.1). */
function split(body: string, mark: string): string[] {
  return `\n${body}`
    .split(`\n--${mark}`)
    .map((part, place) => (place === 0 ? part : part.replace(/^[ \t]*\r?\n/, '')))
    .map(part => part.replace(/\r$/, ''));
}

function partOf(text: string): { type: string; body: string } {
  const blank = /\r?\n\r?\n/.exec(text);
  const head = blank ? text.slice(0, blank.index) : text;
  const unfolded = head.replace(/\r?\n[ \t]+/g, ' ');
  const type = /(?:^|\n)content-type:[ \t]*([^\r\n]*)/i.exec(unfolded)?.[1] ?? '';
  return { type, body: blank ? text.slice(blank.index + blank[0].length) : '' };
}
