/**
 * Check digits of СНИЛС (rules of the Pension Fund: numbers above 001-001-998 carry them).
 * `none` for the old numbers below, which have nothing to check.
 * The scheme has a blind spot: sums of 0, 100 and 101 all give 00.
 */
export function checkSnils(digits: string): 'passed' | 'failed' | 'none' {
  if (!/^\d{11}$/.test(digits)) return 'failed';
  if (Number(digits.slice(0, 9)) <= 1_001_998) return 'none';
  const sum = weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, 1]);
  return (sum % 101) % 100 === Number(digits.slice(9)) ? 'passed' : 'failed';
}

/**
 * Check digits of ИНН (order of the Federal Tax Service ММВ-7-6/435@): one for organisations (10 digits),
 * two for people (12). The scheme cannot tell a remainder of 0 from 10.
 */
export function checkInn(digits: string): 'passed' | 'failed' {
  if (!/^(\d{10}|\d{12})$/.test(digits) || /^0+$/.test(digits)) return 'failed';
  const digit = (weights: number[]) => (weighted(digits, weights) % 11) % 10;
  const ok =
    digits.length === 10
      ? digit([2, 4, 10, 3, 5, 9, 4, 6, 8]) === Number(digits[9])
      : digit([7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) === Number(digits[10]) &&
        digit([3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) === Number(digits[11]);
  return ok ? 'passed' : 'failed';
}

function weighted(digits: string, weights: number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0);
}
