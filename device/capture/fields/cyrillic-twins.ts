/** Latin letters and the Cyrillic ones that look the same. */
const twins: Record<string, string> = {
  ...{ A: 'А', B: 'В', C: 'С', E: 'Е', H: 'Н', K: 'К', M: 'М', O: 'О', P: 'Р', T: 'Т', X: 'Х', Y: 'У' },
  ...{ a: 'а', c: 'с', e: 'е', o: 'о', p: 'р', x: 'х', y: 'у' },
};
const letters = Object.keys(twins).join('');
const words = new RegExp(
  `(?<![\\p{L}\\d<])[${letters}]{2,}(?![\\p{L}\\d<])|(?<=\\d)[${letters}](?![\\p{L}\\d)])`,
  'gu',
);

/**
 * A word in Latin letters that all have a Cyrillic twin, on a line that else has Cyrillic letters only, is a
 * Cyrillic word that the engine read with its other model: «MAKETOBA», «KB. 5», «д. 3a». The length stays.
 */
export function withCyrillicTwins(text: string): string {
  return text.replace(/[^\n]+/g, line => {
    const mended = line.replace(words, word => [...word].map(letter => twins[letter] ?? letter).join(''));
    return mended !== line && /\p{Script=Cyrillic}/u.test(line) && !/[A-Za-z]{2}/.test(mended)
      ? mended
      : line;
  });
}
