import type { Static } from 'typebox';
import { timeOrderedId } from '../../platform/time-ordered-id.ts';
import type { PaperAdmission } from '../../protocol/api/hall.ts';
import type { Me } from '../../protocol/api/people.ts';
import { AppError } from '../../protocol/app-error.ts';
import { numberText, runningNumber, seriesOf } from '../core/numbering.ts';
import type { HallContext } from './hall-context.ts';

/**
 * Whose number this box never heard of (the hub before it failed in the same second, ADR 46; a database was lost,
 * ADR 9) stands in line by the paper in the hand. Throws `queue.number-taken`, `queue.wrong-letter`,
 * `queue.unknown-service`.
 */
export type AdmitByPaper = (me: Me, wish: Static<typeof PaperAdmission>) => Promise<void>;

export function createAdmission(context: HallContext): AdmitByPaper {
  const { db, journal, clock, config, register, today } = context;
  const taken = db.prepare('select 1 from tickets where day = ? and number = ?');

  return async (me, { number: typed, serviceId }) => {
    const service = register.getService(serviceId);
    const letter = register.get().categories.find(({ id }) => id === service.categoryId)?.letter ?? 'Я';
    const running = runningNumber(typed);
    // As people read it from paper: «в7» is В07.
    const number = numberText(typed.slice(0, 1).toUpperCase(), running);
    if (!number.startsWith(letter)) throw new AppError('queue.wrong-letter', { number, letter });
    const isOwn = config.pair !== undefined && seriesOf(running) === config.pair.series;
    // This box knows all of its own numbers: one that it did not give is on no paper.
    if (isOwn || taken.get(today(), number)) throw new AppError('queue.number-taken', { number });
    const id = timeOrderedId(clock.now());
    await journal.commit([
      {
        type: 'ticket.issued',
        subject: id,
        body: {
          number,
          serviceId,
          day: today(),
          requestId: timeOrderedId(clock.now()),
          admittedBy: me.login,
        },
      },
      { type: 'ticket.waiting', subject: id, body: { by: 'recovery' } },
    ]);
  };
}
