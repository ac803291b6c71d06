/** What recognition takes for a digit, Cyrillic and Latin, in lower case. */
const digitLike: Record<string, string> = {
  о: '0',
  o: '0',
  з: '3',
  б: '6',
  в: '8',
  b: '8',
  l: '1',
  i: '1',
  s: '5',
  z: '2',
};
const cyrillicOf: Record<string, string> = { 0: 'о', 3: 'з', 4: 'ч', 6: 'б', 8: 'в' };
const latinOf: Record<string, string> = { 0: 'o', 1: 'l', 2: 'z', 5: 's', 8: 'b' };

/** Letters that may stand for digits, for the inside of a character class; both cases. */
export const digitLikeLetters = `${Object.keys(digitLike).join('')}${Object.keys(digitLike).join('').toUpperCase()}`;

/** The number that a word would be if its letters were misread digits; undefined when one cannot be. */
export function asNumber(word: string): string | undefined {
  let digits = '';
  for (const letter of word.toLowerCase()) {
    const digit = /\p{Nd}/u.test(letter) ? letter : digitLike[letter];
    if (digit === undefined) return undefined;
    digits += digit;
  }
  return digits;
}

/**
 * The word that letters with misread digits among them would be: «3аявление» → «заявление». Undefined when a
 * digit is like no letter of the word's script, or when digits are no minority: `А12` is a number of a ticket.
 */
export function asLetters(word: string): string | undefined {
  const digits = word.match(/\d/g)?.length ?? 0;
  if (digits === 0 || digits * 3 > word.length) return undefined;
  const letterOf = /\p{Script=Cyrillic}/u.test(word) ? cyrillicOf : latinOf;
  let letters = '';
  for (const letter of word) {
    const fitting = /\d/.test(letter) ? letterOf[letter] : letter;
    if (fitting === undefined) return undefined;
    letters += fitting;
  }
  return letters;
}
