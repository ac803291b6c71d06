/** Whether an answer ends with 90 00 (ISO 7816-4, clause 5.1.3). */
export function isFine(answer: Uint8Array): boolean {
  return answer.at(-2) === 0x90 && answer.at(-1) === 0x00;
}
