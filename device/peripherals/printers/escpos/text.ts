import iconv from 'iconv-lite';

/** What Russian typography has and code page 866 has not. «№» and «Ё» are there. */
const replacements: Record<string, string> = {
  '«': '"',
  '»': '"',
  '„': '"',
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  '—': '-',
  '–': '-',
  '−': '-',
  '‑': '-',
  '…': '...',
  '•': '·',
  '×': 'x',
  '₽': 'руб.',
  '\u00a0': ' ',
  '\u202f': ' ',
  '\u2009': ' ',
  '\u00ad': '',
  '\u200b': '',
  '\ufeff': '',
};

/**
 * Text with every character that code page 866 can hold, so that the paper never shows a wrong one.
 * Control characters go: a name out of the register must not be able to command the printer.
 */
export function transliterate(text: string): string {
  let result = '';
  for (const character of text.normalize('NFC')) {
    const plain = replacements[character] ?? character;
    result += /\p{Cc}/u.test(plain) ? ' ' : fits(plain) ? plain : withoutAccents(plain);
  }
  return result;
}

/** Makes a text printable by the way it is printed. */
export type Fit = (text: string) => string;

/** Text for a ticket that is drawn: every letter stays, control characters go. */
export function keepLetters(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\p{Cc}/gu, ' ')
    .replace(/[\u00ad\u200b\ufeff]/g, '');
}

/** Bytes of already transliterated text. */
export function toCp866(text: string): Uint8Array {
  return iconv.encode(text, 'cp866');
}

/**
 * Lines of at most `columns` characters, broken between words; a longer word is cut. A no-break space
 * keeps its words together and counts as one character.
 */
export function wrap(text: string, columns: number, fit: Fit = transliterate): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words(text, fit)) {
    for (const piece of cut(word, columns)) {
      if (line === '') line = piece;
      else if (line.length + 1 + piece.length <= columns) line += ` ${piece}`;
      else {
        lines.push(line);
        line = piece;
      }
    }
  }
  return line === '' ? lines : [...lines, line];
}

/**
 * The same number of lines as `wrap`, but of even length: a centred text whose last line is one short
 * word looks like an accident.
 */
export function wrapEvenly(text: string, columns: number, fit: Fit = transliterate): string[] {
  const count = wrap(text, columns, fit).length;
  let narrowest = columns;
  while (narrowest > 1 && wrap(text, narrowest - 1, fit).length === count) narrowest -= 1;
  return wrap(text, narrowest, fit);
}

/** Broken at ordinary spaces first, so that the no-break ones survive until they become spaces. */
function words(text: string, fit: Fit): string[] {
  return text
    .split(/[ \t\r\n]+/)
    .map(fit)
    .filter(word => word.trim() !== '');
}

function cut(word: string, columns: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < word.length; at += columns) pieces.push(word.slice(at, at + columns));
  return pieces;
}

function fits(text: string): boolean {
  return iconv.decode(iconv.encode(text, 'cp866'), 'cp866') === text;
}

function withoutAccents(character: string): string {
  const base = character.normalize('NFKD').replace(/\p{M}/gu, '');
  return base !== '' && fits(base) ? base : '?';
}
