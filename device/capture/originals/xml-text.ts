import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Recognised } from '../recognised.ts';

/** Characters of an original that are shown and searched; the file itself is passed on whole. */
const mostCharacters = 200_000;
/** Characters of its source that are looked through for them: other work waits so long. */
const mostSource = 500_000;
const pieceBytes = 256 * 1024;

// Each match begins at one place only, and what follows cannot give a letter back to what stands before it:
// otherwise a file of one long word would keep the processor busy for hours (F39).
const element = /<([\p{L}_][^\s<>/]*)(?=[\s/>])([^<>]*)>([^<]*)/gu;
const attributeOf = /(?<!\S)([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * The beginning of an XML file as text, by its mark or the encoding that it declares; undefined for anything
 * else. All of it is decoded, piece by piece, since the hall waits meanwhile.
 */
export async function decodeXml(bytes: Uint8Array): Promise<string | undefined> {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const [, declared = 'utf-8'] = /^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding=["']([\w.-]+)["']/.exec(head) ?? [];
  const encoding = head.startsWith('\xff\xfe')
    ? 'utf-16le'
    : head.startsWith('\xfe\xff')
      ? 'utf-16be'
      : declared;
  let text = '';
  let last = '';
  try {
    const decoder = new TextDecoder(encoding, { fatal: true });
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const isLast = at + pieceBytes >= bytes.length;
      const piece = decoder.decode(bytes.subarray(at, at + pieceBytes), { stream: !isLast });
      if (text.length < mostSource) text += piece;
      last = piece.trimEnd().at(-1) ?? last;
      await nextTurn();
    }
  } catch (error) {
    // An encoding that nobody knows, or bytes that are none of it.
    if (error instanceof RangeError || error instanceof TypeError) return undefined;
    throw error;
  }
  return /^\s*<(?:\?xml[\s?]|[\p{L}_!])/u.test(text) && last === '>' ? text.slice(0, mostSource) : undefined;
}

/**
 * What an XML file says, for people and for the search: a line for each element with text and each attribute,
 * with its name. Nothing is resolved, included or run; it is read as letters, so that no document can be a bomb.
 */
function textOfXml(xml: string): string {
  const lines: string[] = [];
  let length = 0;
  for (const [, name = '', attributes = '', text = ''] of xml.matchAll(element)) {
    const said = [
      ...[...attributes.matchAll(attributeOf)]
        .filter(([, attribute = '']) => !/^(?:xmlns|xsi)\b/.test(attribute))
        .map(([, attribute = '', double, single]) => `${local(attribute)}: ${plain(double ?? single ?? '')}`),
      ...(text.trim() === '' ? [] : [`${local(name)}: ${plain(text)}`]),
    ];
    for (const line of said) {
      length += line.length + 1;
      if (length > mostCharacters) return lines.join('\n');
      lines.push(line);
    }
  }
  return lines.join('\n');
}

/** An XML file as recognition leaves a document: one page of its text, without picture or places. */
export async function recognisedXml(bytes: Uint8Array): Promise<Recognised> {
  const text = textOfXml((await decodeXml(bytes)) ?? '');
  return {
    ...{ pdf: new Uint8Array(), pages: [{ text, width: 0, height: 0, words: [] }] },
    ...{ characters: text.replace(/\s/g, '').length, confidence: 100, fields: [], blankPages: [] },
  };
}

const local = (name: string) => name.slice(name.indexOf(':') + 1);

function plain(text: string): string {
  return text
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,4}));/gi, (whole, decimal, hexadecimal, name) => {
      if (name !== undefined) return named[name] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    })
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
}
