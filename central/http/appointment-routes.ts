import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Clock } from '../../platform/clock.ts';
import type { Login } from '../../platform/login.ts';
import { createTryLimit } from '../../platform/try-limit.ts';
import { AppointmentWish, MoveWish, SlotsQuery } from '../../protocol/api/appointments.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import { Key } from '../../protocol/values.ts';
import type { AppointmentBook } from '../appointments/appointment-book.ts';

const params = Type.Object({ code: Type.String({ minLength: 1, maxLength: 40 }) });
interface OfCode {
  Params: Static<typeof params>;
}
const branchParams = Type.Object({ box: Key });
interface OfBranch {
  Params: Static<typeof branchParams>;
}

const deviceCookie = 'okno-device';
const yearSeconds = 365 * 86_400;

/**
 * The public page of appointments, also for operators who book for a caller: whoever is logged in has no
 * limit per device. A person is known by the code alone.
 */
export function addAppointmentRoutes(
  server: FastifyInstance,
  { book, login, clock }: { book: AppointmentBook; login: Login; clock: Clock },
): void {
  const guesses = createTryLimit(clock);
  // Many phones of a carrier or an office share an address: enough for them, too few to book up a branch.
  const bookings = [
    createTryLimit(clock, { tries: 10 }),
    createTryLimit(clock, { tries: 60, windowMs: 60 * 60_000 }),
  ];

  function deviceOf(request: FastifyRequest, reply: FastifyReply): string | null {
    if (login.find(request)) return null;
    const known = request.cookies[deviceCookie];
    if (known && known.length <= 36) return known;
    const device = randomUUID();
    reply.setCookie(deviceCookie, device, {
      ...{ httpOnly: true, sameSite: 'strict', path: '/', maxAge: yearSeconds },
      secure: request.protocol === 'https',
    });
    return device;
  }

  async function byCode<T>(request: FastifyRequest<OfCode>, act: (code: string) => Promise<T>): Promise<T> {
    if (guesses.isSpent(request.ip)) throw new AppError('appointment.too-many-tries');
    try {
      return await act(request.params.code);
    } catch (error) {
      if (codeOf(error) === 'appointment.unknown-code') guesses.count(request.ip);
      throw error;
    }
  }

  server.get('/appointments', (_request, reply) => reply.sendFile('appointments.html'));
  server.get('/api/public/branches', async () => book.branches());
  server.get<OfBranch & { Querystring: Static<typeof SlotsQuery> }>(
    '/api/public/branches/:box/appointments/slots',
    { schema: { params: branchParams, querystring: SlotsQuery } },
    async request => book.slots(request.params.box, request.query.serviceId),
  );
  server.post<OfBranch & { Body: AppointmentWish }>(
    '/api/public/branches/:box/appointments',
    { schema: { params: branchParams, body: AppointmentWish } },
    async (request, reply) => {
      const device = deviceOf(request, reply);
      if (device !== null) {
        if (bookings.some(limit => limit.isSpent(request.ip)))
          throw new AppError('appointment.too-many-bookings');
        for (const limit of bookings) limit.count(request.ip);
      }
      return book.book(request.params.box, request.body, device);
    },
  );
  const path = '/api/public/appointments/:code';
  server.get<OfCode>(path, { schema: { params } }, async request => byCode(request, book.find));
  server.post<OfCode & { Body: MoveWish }>(
    `${path}/move`,
    { schema: { params, body: MoveWish } },
    async request => byCode(request, code => book.move(code, request.body)),
  );
  server.post<OfCode>(`${path}/cancel`, { schema: { params } }, async request =>
    byCode(request, book.cancel),
  );
}
