/**
 * The check digit of machine-readable zones (ICAO Doc 9303-3, 4.9): weights 7, 3, 1; letters count from 10,
 * the filler as 0. Every single wrong digit is caught; neighbours that changed places are missed when their
 * values differ by 5 (by 10 and more among letters), and so is a letter for another ten places away.
 */
export function checkDigit(text: string): string {
  const sum = [...text].reduce(
    (total, letter, at) => total + signValue(letter) * ([7, 3, 1][at % 3] ?? 0),
    0,
  );
  return String(sum % 10);
}

function signValue(letter: string): number {
  if (letter === '<') return 0;
  return /\d/.test(letter) ? Number(letter) : letter.charCodeAt(0) - 55;
}
