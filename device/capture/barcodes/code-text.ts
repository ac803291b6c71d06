/** A payment code of ГОСТ Р 56042 holds up to 2,000 letters; whatever is longer is no business of ours. */
const mostLetters = 2000;

/** Second to last character of the mark of a payment code: how its text is written (ГОСТ Р 56042-2014, clause 4.3). */
const paymentEncodings: Record<string, string> = { '1': 'windows-1251', '2': 'utf-8', '3': 'koi8-r' };

/**
 * The text of a barcode, fit to be stored and shown: bounded, and without control characters and marks that
 * turn the direction of writing. `text` is what the reader took it for; a payment code says itself how it is written.
 */
export function codeText(bytes: Uint8Array, text: string): string {
  const [, encoding = ''] = /^ST0001([123])/.exec(Buffer.from(bytes.subarray(0, 7)).toString('latin1')) ?? [];
  const decoder = paymentEncodings[encoding];
  const read = decoder === undefined ? text : new TextDecoder(decoder).decode(bytes);
  return read
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, mostLetters);
}
