import { createHash } from 'node:crypto';

/**
 * Six digits that let a person ask for the state of a case (KEM-14). They follow from the case's id, whose 74
 * random bits are on no paper: nothing has to be stored or carried over when a box is replaced, and the centre
 * comes to the same digits. Short, because whoever asks has few tries.
 */
export function caseCheckCode(caseId: string): string {
  const digest = createHash('sha256').update(`okno case check ${caseId}`).digest();
  return String(digest.readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
}
