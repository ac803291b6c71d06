/**
 * How names stand in the machine-readable lines of the Russian internal passport: one sign a letter, digits
 * where Latin has none left (order of the Federal Migration Service of 2011 and, after it, order 851 of 2017
 * of the Interior Ministry).
 */
const signs: Record<string, string> = {
  ...{ A: 'А', B: 'Б', V: 'В', G: 'Г', D: 'Д', E: 'Е', '2': 'Ё', J: 'Ж', Z: 'З', I: 'И', Q: 'Й' },
  ...{ K: 'К', L: 'Л', M: 'М', N: 'Н', O: 'О', P: 'П', R: 'Р', S: 'С', T: 'Т', U: 'У', F: 'Ф' },
  ...{ H: 'Х', C: 'Ц', '3': 'Ч', '4': 'Ш', W: 'Щ', X: 'Ъ', Y: 'Ы', '9': 'Ь', '6': 'Э', '7': 'Ю', '8': 'Я' },
};
/** Digits that stand for no letter can only be the letter that they look like. */
const misread: Record<string, string> = { '0': 'O', '1': 'I', '5': 'S' };

/** `VASIL9EVI3` → «Васильевич»; `mended` when a sign had to be taken for the letter it looks like. */
export function toRussian(name: string): { name: string; mended: boolean } {
  const letters = [...name].map(sign => signs[misread[sign] ?? sign] ?? sign).join('');
  const words = letters.replace(/[^-\s]+/g, word => word.slice(0, 1) + word.slice(1).toLowerCase());
  return { name: words, mended: /[015]/.test(name) };
}
