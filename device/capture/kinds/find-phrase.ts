import { longestPhrase } from '../../../protocol/kind-phrases.ts';

/** Folded text is Cyrillic and digits: codes below this; others match nothing. */
const letterCodes = 0x460;

/** Where a phrase stands: wrong, missing or added letters, and the end of its place in the text. */
export interface PhrasePlace {
  errors: number;
  end: number;
}

/**
 * The first place with the fewest wrong letters at which the phrase stands in the folded text, by the bit
 * vectors of Myers (1999) as Hyyrö wrote them: one step a letter of the text. Undefined above one wrong in
 * eight letters: short words must be whole.
 */
export function findPhrase(text: string, phrase: string): PhrasePlace | undefined {
  const whole = ` ${text} `.indexOf(` ${phrase} `);
  if (whole >= 0) return { errors: 0, end: whole + phrase.length };
  const allowed = Math.floor(phrase.length / 8);
  if (allowed === 0 || phrase.length > longestPhrase) return undefined;
  const masks = new Int32Array(letterCodes);
  for (let at = 0; at < phrase.length; at++) {
    const code = phrase.charCodeAt(at);
    masks[code] = (masks[code] ?? 0) | (1 << at);
  }
  const last = 1 << (phrase.length - 1);
  let [plus, minus, distance, fewest, end] = [-1, 0, phrase.length, phrase.length, 0];
  for (let at = 0; at < text.length; at++) {
    const equal = masks[text.charCodeAt(at)] ?? 0;
    const diagonal = (((equal & plus) + plus) ^ plus) | equal | minus;
    let up = minus | ~(diagonal | plus);
    let down = plus & diagonal;
    if (up & last) distance++;
    if (down & last) distance--;
    if (distance < fewest) [fewest, end] = [distance, at + 1];
    // The phrase may begin at any letter of the text: the first row stays nought.
    up <<= 1;
    down <<= 1;
    plus = down | ~(diagonal | up);
    minus = up & diagonal;
  }
  return fewest <= allowed ? { errors: fewest, end } : undefined;
}
