import { timingSafeEqual } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';
import { createTryLimit } from '../../platform/try-limit.ts';
import type { CaseStatusView, CaseStatusWish } from '../../protocol/api/screens.ts';
import { AppError } from '../../protocol/app-error.ts';
import { caseCheckCode } from '../../protocol/case-check-code.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import type { CaseRow } from '../journal/projections/cases.ts';

export interface CaseStatus {
  /** `asker` is where the question comes from; it has few tries too. Throws `case.wrong-check-code`, `case.check-locked`. */
  ask(wish: CaseStatusWish, asker: string): CaseStatusView;
  /** Cases that were opened for a ticket, oldest first. */
  ofTicket(ticketId: string): CaseStatusView[];
}

/** Of cases with the same last digits (every year begins at 1) the newest are tried. */
const sameDigitsTried = 5;
const windowMs = 15 * 60_000;
const triesOfNumber = 5;
const triesOfAsker = 20;
const namesCounted = 10_000;

/** The digits by which a case is found, whether or not what stands before them was typed: its tries are one count. */
const lastDigits = (number: string) => (/\d{0,6}$/.exec(number)?.[0] ?? '').padStart(6, '0');

/** Tells the state of a case to whoever has its number and code (KEM-14): no name, no document. */
export function createCaseStatus(parts: {
  db: DatabaseSync;
  register: RegisterHolder;
  clock: Clock;
}): CaseStatus {
  const { db, register, clock } = parts;
  const byNumber = db.prepare('select * from cases where number = ?');
  const byDigits = db.prepare('select * from cases where number like ? order by rowid desc limit ?');
  const byTicket = db.prepare('select * from cases where ticket_id = ? order by rowid');
  const numbers = createTryLimit(clock, { tries: triesOfNumber, windowMs, kept: namesCounted });
  const askers = createTryLimit(clock, { tries: triesOfAsker, windowMs, kept: namesCounted });

  function candidates(number: string): CaseRow[] {
    if (!/^\d{1,6}$/.test(number)) return byNumber.all(number) as unknown as CaseRow[];
    return byDigits.all(`%-${number.padStart(6, '0')}`, sameDigitsTried) as unknown as CaseRow[];
  }

  function view(row: CaseRow): CaseStatusView {
    const { services, agencies } = register.get();
    const service = services.find(({ id }) => id === row.service_id);
    const unnamed = { ru: row.service_id, en: row.service_id };
    return {
      number: row.number,
      code: caseCheckCode(row.id),
      serviceTitle: service?.title ?? unnamed,
      agency: agencies.find(({ id }) => id === service?.agencyId)?.title ?? unnamed,
      state: row.state,
      openedAt: row.opened_at,
      sentAt: row.sent_at,
      resultAt: row.result_at,
      handedOutAt: row.handed_out_at,
      normWorkingDays: service?.normWorkingDays ?? 0,
    };
  }

  return {
    ask(wish, asker) {
      const number = wish.number.trim().toUpperCase();
      const code = Buffer.from(wish.code.replaceAll(' ', ''));
      const counted = lastDigits(number);
      if (numbers.isSpent(counted) || askers.isSpent(asker)) throw new AppError('case.check-locked');
      const found = candidates(number).find(row => {
        const right = Buffer.from(caseCheckCode(row.id));
        return right.length === code.length && timingSafeEqual(right, code);
      });
      if (!found) {
        // A number that does not exist is counted like one that does: nobody learns which exist.
        numbers.count(counted);
        askers.count(asker);
        throw new AppError('case.wrong-check-code');
      }
      return view(found);
    },
    ofTicket: ticketId => (byTicket.all(ticketId) as unknown as CaseRow[]).map(view),
  };
}
