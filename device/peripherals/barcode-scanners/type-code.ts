import { readAppointmentCode } from '../../../protocol/appointments/code.ts';
import type { CodeRead } from '../../../protocol/readings.ts';
import { codeText } from '../../capture/barcodes/code-text.ts';
import { readPaymentCode } from '../../capture/fields/payment-code.ts';
import { readGs1, separator } from './gs1.ts';

/** Longest code that anybody shows to a branch: the biggest QR code holds 2,953 bytes (ISO/IEC 18004 table 7). */
export const mostCodeBytes = 3_000;

/** `]` and two signs that a scanner may be told to send before a code (ISO/IEC 15424). */
const symbology = /^\]([A-Za-z])([0-9A-Za-z])/;
const gs1Symbologies = new Set([']C1', ']e0', ']d2', ']Q3', ']J1']);

const ticketPath = /^https?:\/\/[^/\s]{1,255}\/t\/([\w-]{10,64})$/;

/** What one code means. Its bytes come from a stranger's paper or phone: they are bounded, and never trusted further. */
export function typeCode(frame: Uint8Array): CodeRead {
  const bytes = frame.subarray(0, mostCodeBytes);
  const raw = decode(bytes);
  const mark = symbology.exec(raw)?.[0] ?? '';
  const content = bytes.subarray(mark.length);
  const message = raw.slice(mark.length);
  const text = codeText(content, message);

  const ticketId = ticketPath.exec(text)?.[1];
  if (ticketId) return { kind: 'ticket', ticketId };
  const appointment = readAppointmentCode(text);
  if (appointment) return { kind: 'appointment', code: appointment };
  const fields = readPaymentCode(text).map(({ name, value }) => ({ name, value }));
  if (fields.length > 0) return { kind: 'payment', fields };
  const isSeparated = message.startsWith(separator);
  if (gs1Symbologies.has(mark) || isSeparated) {
    const elements = readGs1(isSeparated ? message.slice(1) : message);
    if (elements) return { kind: 'gs1', elements };
  }
  return mark.startsWith(']L') ? { kind: 'pdf417', text } : { kind: 'text', text };
}

/** UTF-8 where it is, else the Windows page of Russian programs. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1251').decode(bytes);
  }
}
