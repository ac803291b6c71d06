/** Longest phrase of a rule, in letters: they are the bits of one number when it is looked for in misread text. */
export const longestPhrase = 30;
export const heaviestPhrase = 10;
/** What no kind fits; no kind may be called so. */
export const otherKind = 'other';

/** Lower case, ё as е, Latin letters that look Cyrillic as those; everything else is a space. Rules speak of texts in this form. */
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
  ...{ a: 'а', c: 'с', e: 'е', o: 'о', p: 'р', x: 'х', y: 'у', k: 'к', m: 'м', t: 'т', b: 'в', h: 'н' },
  '3': 'з',
};
