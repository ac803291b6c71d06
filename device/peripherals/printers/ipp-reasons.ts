import { AppError } from '../../../protocol/app-error.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { type IppGroup, jobState, stringsOf } from './ipp-message.ts';

/** What stops a printer (RFC 8011 section 5.4.12, PWG 5100.9), as a person is told; the first that fits. */
const stops: [ErrorCode, ...string[]][] = [
  ['printer.document-cover-open', 'cover-open', 'door-open', 'interlock-open'],
  ['printer.document-jam', 'media-jam'],
  ['printer.document-paper-out', 'media-empty', 'media-needed', 'input-tray-missing'],
  ['printer.document-ink-out', 'toner-empty', 'marker-supply-empty', 'marker-supply-missing'],
  ['printer.document-tray-full', 'output-area-full', 'marker-waste-full', 'output-tray-missing'],
  ['printer.document-held', 'job-hold-until-specified', 'job-password-wait', 'account-authorization-failed'],
];
/** Somebody pressed «cancel» (RFC 8011 section 5.3.8). */
const canceledByPeople = ['job-canceled-at-device', 'job-canceled-by-operator', 'job-canceled-by-user'];

/** Why a printer, or this job in it, stands still. */
export function stoppedError(printer: IppGroup, job?: IppGroup): AppError {
  const reasons = [...stringsOf(printer, 'printer-state-reasons'), ...reasonsOf(job)].map(plain).filter(told);
  for (const [code, ...keywords] of stops)
    if (keywords.some(keyword => reasons.includes(keyword))) return new AppError(code);
  return new AppError('printer.document-fault', { reason: reasons.join(', ') || 'stopped' });
}

/** Whether a job that is held waits for somebody; printers also hold one for a moment while it comes in. */
export function waitsForPeople(job: IppGroup): boolean {
  return stoppedError(job, job).code === 'printer.document-held';
}

/** How a job ended that was not completed. */
export function endedError(job: IppGroup, state: number): AppError {
  const reasons = reasonsOf(job);
  if (state === jobState.canceled && canceledByPeople.some(keyword => reasons.includes(keyword)))
    return new AppError('printer.document-canceled');
  return new AppError('printer.job-refused', { reason: reasons.join(', ') });
}

const reasonsOf = (job: IppGroup | undefined) => stringsOf(job, 'job-state-reasons');
/** A severity may follow the reason. */
const plain = (reason: string) => reason.replace(/-(error|warning|report)$/, '');
const told = (reason: string) => reason !== 'none';
