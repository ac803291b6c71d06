import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Clock } from '../../platform/clock.ts';
import type { Login } from '../../platform/login.ts';
import { createTryLimit } from '../../platform/try-limit.ts';
import { AppointmentWish, MoveWish, SlotsQuery } from '../../protocol/api/appointments.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import { Day } from '../../protocol/values.ts';
import type { AppointmentDesk } from '../appointments/appointment-desk.ts';

const params = Type.Object({ code: Type.String({ minLength: 1, maxLength: 40 }) });
interface OfCode {
  Params: Static<typeof params>;
}

/** Appointments at the kiosk and for clerks. Whoever has the code may see, move and cancel. */
export function addAppointmentRoutes(
  server: FastifyInstance,
  { desk, login, clock }: { desk: AppointmentDesk; login: Login; clock: Clock },
): void {
  const guesses = createTryLimit(clock);

  /** Ten digits are many, but not for a program that may try them all. */
  async function byCode<T>(
    request: FastifyRequest<OfCode>,
    act: (code: string) => T | Promise<T>,
  ): Promise<T> {
    if (guesses.isSpent(request.ip)) throw new AppError('appointment.too-many-tries');
    try {
      return await act(request.params.code);
    } catch (error) {
      if (codeOf(error) === 'appointment.unknown-code') guesses.count(request.ip);
      throw error;
    }
  }

  server.get<{ Querystring: Static<typeof SlotsQuery> }>(
    '/api/appointments/slots',
    { schema: { querystring: SlotsQuery } },
    async request => desk.slots(request.query.serviceId),
  );
  server.get<{ Querystring: { day?: string } }>(
    '/api/appointments',
    { schema: { querystring: Type.Object({ day: Type.Optional(Day) }) } },
    async request => {
      login.require(request, 'clerk', 'hall');
      return desk.onDay(request.query.day);
    },
  );
  server.post<{ Body: AppointmentWish }>(
    '/api/appointments',
    { schema: { body: AppointmentWish } },
    async request => desk.book(request.body),
  );
  server.get<OfCode>('/api/appointments/:code', { schema: { params } }, async request =>
    byCode(request, desk.find),
  );
  server.post<OfCode & { Body: MoveWish }>(
    '/api/appointments/:code/move',
    { schema: { params, body: MoveWish } },
    async request => byCode(request, code => desk.move(code, request.body)),
  );
  server.post<OfCode>('/api/appointments/:code/cancel', { schema: { params } }, async request =>
    byCode(request, desk.cancel),
  );
  server.post<OfCode>('/api/appointments/:code/print', { schema: { params } }, async request =>
    byCode(request, desk.print),
  );
  server.post<OfCode>('/api/appointments/:code/check-in', { schema: { params } }, async request =>
    byCode(request, desk.checkIn),
  );
}
