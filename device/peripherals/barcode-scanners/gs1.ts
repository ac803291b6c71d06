/** Separates elements of variable length (FNC1 in the middle of a code; GS1 General Specifications 7.8.3). */
export const separator = '\u001d';
const mostElements = 40;

/** Two first digits of application identifiers whose elements have a length of their own, with it (figure 7.8.5-2). */
const fixedLengths: Record<string, number> = {
  ...{ '00': 20, '01': 16, '02': 16, '03': 16, '04': 18 },
  ...{ 11: 8, 12: 8, 13: 8, 14: 8, 15: 8, 16: 8, 17: 8, 18: 8, 19: 8, 20: 4 },
  ...{ 31: 10, 32: 10, 33: 10, 34: 10, 35: 10, 36: 10, 41: 16 },
};

/** First two digits of identifiers that are longer than two. */
function lengthOfAi(start: string): number {
  if (/^(23|24|25|40|41|42|71)$/.test(start)) return 3;
  if (/^(31|32|33|34|35|36|39|43|70|72|80|81|82)$/.test(start)) return 4;
  return 2;
}

/** Elements of a GS1 message without its leading FNC1; undefined when it is none. */
export function readGs1(message: string): { ai: string; value: string }[] | undefined {
  const elements: { ai: string; value: string }[] = [];
  let rest = message;
  while (rest !== '') {
    const start = rest.slice(0, 2);
    if (!/^\d\d$/.test(start) || elements.length === mostElements) return undefined;
    const ai = rest.slice(0, lengthOfAi(start));
    const fixed = fixedLengths[start];
    const end = fixed ?? (rest.indexOf(separator) + 1 || rest.length + 1) - 1;
    const value = rest.slice(ai.length, end);
    if (!/^\d+$/.test(ai) || value === '' || rest.length < end || value.includes(separator)) return undefined;
    elements.push({ ai, value });
    rest = rest.slice(end);
    if (rest.startsWith(separator)) rest = rest.slice(1);
  }
  return elements.length > 0 ? elements : undefined;
}
