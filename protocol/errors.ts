import type { ErrorRow } from './error-table.ts';
import { accessErrors } from './errors/access.ts';
import { appointmentErrors } from './errors/appointment.ts';
import { archiveErrors } from './errors/archive.ts';
import { auditErrors } from './errors/audit.ts';
import { callBoardErrors } from './errors/call-board.ts';
import { captureErrors } from './errors/capture.ts';
import { cardErrors } from './errors/card.ts';
import { caseErrors } from './errors/case.ts';
import { certificateErrors } from './errors/certificate.ts';
import { deviceErrors } from './errors/device.ts';
import { evidenceErrors } from './errors/evidence.ts';
import { hubErrors } from './errors/hub.ts';
import { internalErrors } from './errors/internal.ts';
import { journalErrors } from './errors/journal.ts';
import { packageErrors } from './errors/package.ts';
import { printerErrors } from './errors/printer.ts';
import { queueErrors } from './errors/queue.ts';
import { readerErrors } from './errors/reader.ts';
import { relayErrors } from './errors/relay.ts';
import { scannerErrors } from './errors/scanner.ts';
import { setupErrors } from './errors/setup.ts';
import { simulationErrors } from './errors/simulation.ts';
import { soundErrors } from './errors/sound.ts';
import { syncErrors } from './errors/sync.ts';
import { tokenErrors } from './errors/token.ts';
import { fillText } from './fill-text.ts';
import { type Reason, reasons } from './signature/reasons.ts';
import type { Text } from './values.ts';

/** All areas together. A code is `area.reason`; tests assert codes, never texts. */
export const errorTable = {
  ...accessErrors,
  ...appointmentErrors,
  ...archiveErrors,
  ...auditErrors,
  ...callBoardErrors,
  ...captureErrors,
  ...cardErrors,
  ...caseErrors,
  ...certificateErrors,
  ...deviceErrors,
  ...evidenceErrors,
  ...hubErrors,
  ...internalErrors,
  ...journalErrors,
  ...packageErrors,
  ...printerErrors,
  ...queueErrors,
  ...readerErrors,
  ...relayErrors,
  ...scannerErrors,
  ...setupErrors,
  ...simulationErrors,
  ...soundErrors,
  ...syncErrors,
  ...tokenErrors,
} satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorTable, value);
}

/** The text for a person. */
export function errorText(
  code: ErrorCode,
  language: 'ru' | 'en',
  details: Record<string, unknown> = {},
): string {
  const { reason } = details;
  const words = typeof reason === 'string' ? wordsOf(reason) : undefined;
  return fillText(errorTable[code], language, words ? { ...details, reason: words } : details);
}

/** Names of verdicts on signatures, one or several, in words; undefined for any other reason. */
function wordsOf(reason: string): Text | undefined {
  const names = reason.split(', ').filter(isReason);
  if (names.length === 0 || names.join(', ') !== reason) return undefined;
  const say = (language: keyof Text) => names.map(name => `${reasons[name][language]} (${name})`).join('; ');
  return { ru: say('ru'), en: say('en') };
}

function isReason(name: string): name is Reason {
  return Object.hasOwn(reasons, name);
}
