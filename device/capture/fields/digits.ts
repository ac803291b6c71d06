/**
 * Letters that the engine writes where a digit is printed. Each stands for one digit only, so that nothing
 * is guessed; a digit is never taken for another digit. Check digits judge the outcome.
 */
const lookalikes: Record<string, string> = {
  ...{ O: '0', o: '0', О: '0', о: '0', D: '0', Q: '0' },
  ...{ I: '1', l: '1', І: '1', Z: '2', z: '2', З: '3', з: '3', Э: '3', Ч: '4', ч: '4' },
  ...{ S: '5', s: '5', Ѕ: '5', б: '6', Б: '6', G: '6', B: '8', В: '8', в: '8' },
};

const letters = Object.keys(lookalikes).join('');

/** One digit of a number as the engine may write it: for expressions. */
export const digitLike = `[0-9${letters}]`;
export const dash = '[-‐-―−]';

/**
 * `count` digits in one piece or in the boxes of a form, where the engine puts spaces. A letter counts as a
 * digit inside the number, not as a word of its own behind it.
 */
export function digitRun(count: number): string {
  return `${digitLike}(?: ?\\d|[${letters}]| [${letters}](?= ?\\d)){${count - 1}}`;
}

export interface Digits {
  digits: string;
  /** Whether a letter was taken for a digit. */
  mended: boolean;
}

/** The digits of a number, or undefined where letters are the greater part: then it is a word. */
export function readDigits(found: string): Digits | undefined {
  const printed = found.replace(/\D/g, '').length;
  const digits = [...found]
    .map(letter => lookalikes[letter] ?? letter)
    .join('')
    .replace(/\D/g, '');
  if (printed * 2 < digits.length) return undefined;
  return { digits, mended: printed !== digits.length };
}

/** Sum of the digits, each times the weight at its place. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0);
}
