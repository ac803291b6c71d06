/** Longest phrase: its letters are the bits of one number. */
export const longestPhrase = 30;
/** Folded text is Cyrillic and digits: codes below this; others match nothing. */
const letterCodes = 0x460;

/** Lower case, ё as е, Latin letters that look Cyrillic as those; everything else is a space. */
export function foldText(text: string): string {
  return text
    .toLowerCase()
    .replace(/-\n/g, '')
    .replace(/[aceopxykmtbh3]/g, letter => cyrillic[letter] ?? letter)
    .replaceAll('ё', 'е')
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim();
}

const cyrillic: Record<string, string> = {
  ...{
    a: 'а',
    c: 'с',
    e: 'е',
    o: 'о',
    p: 'р',
    x: 'х',
    y: 'у',
    k: 'к',
    m: 'м',
    t: 'т',
    b: 'в',
    h: 'н',
    '3': 'з',
  },
};

/**
 * The fewest wrong, missing or added letters with which the phrase stands anywhere in the folded text, by
 * the bit vectors of Myers (1999) as Hyyrö wrote them: one step a letter of the text. Undefined above one in eight letters: short
 * words must be whole.
 */
export function findPhrase(text: string, phrase: string): number | undefined {
  if (` ${text} `.includes(` ${phrase} `)) return 0;
  const allowed = Math.floor(phrase.length / 8);
  if (allowed === 0 || phrase.length > longestPhrase) return undefined;
  const masks = new Int32Array(letterCodes);
  for (let at = 0; at < phrase.length; at++) {
    const code = phrase.charCodeAt(at);
    masks[code] = (masks[code] ?? 0) | (1 << at);
  }
  const last = 1 << (phrase.length - 1);
  let [plus, minus, distance, fewest] = [-1, 0, phrase.length, phrase.length];
  for (let at = 0; at < text.length; at++) {
    const equal = masks[text.charCodeAt(at)] ?? 0;
    const diagonal = (((equal & plus) + plus) ^ plus) | equal | minus;
    let up = minus | ~(diagonal | plus);
    let down = plus & diagonal;
    if (up & last) distance++;
    if (down & last) distance--;
    fewest = Math.min(fewest, distance);
    // The phrase may begin at any letter of the text: the first row stays nought.
    up <<= 1;
    down <<= 1;
    plus = down | ~(diagonal | up);
    minus = up & diagonal;
  }
  return fewest <= allowed ? fewest : undefined;
}
