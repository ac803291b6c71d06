const latin = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const cyrillic = 'ёйцукенгшщзхъфывапролджэячсмитьбю';

/** The same keys in the other layout: «pfuhfy» is «загран», «зфыызщке» is «passport». */
export function asOtherLayouts(typed: string): string[] {
  const text = typed.toLowerCase();
  return [map(text, latin, cyrillic), map(text, cyrillic, latin)].filter(other => other !== text);
}

function map(text: string, from: string, to: string): string {
  return Array.from(text, letter => to[from.indexOf(letter)] ?? letter).join('');
}
