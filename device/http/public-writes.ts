import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import { createTryLimit } from '../../platform/try-limit.ts';
import { AppError } from '../../protocol/app-error.ts';
import { isThisMachine } from './this-machine.ts';

/** What somebody without a log-in makes new: each is a line in the journal, and some are paper. */
const makesNew: ReadonlySet<string | undefined> = new Set([
  '/api/tickets',
  '/api/appointments',
  '/api/ratings',
  '/api/administrator-calls',
]);

/** A kiosk with a person every two seconds, or a hall of phones behind one router. */
const perMinute = 30;

/**
 * Whoever is in the network of the hall may take a ticket, but a program there must neither empty the paper
 * roll nor bury the line. Kiosks on the box itself have no limit. Must be added before the addresses.
 */
export function limitPublicWrites(server: FastifyInstance, clock: Clock): void {
  const made = createTryLimit(clock, { tries: perMinute });
  server.addHook('onRequest', async request => {
    if (request.method !== 'POST' || !makesNew.has(request.routeOptions.url) || isThisMachine(request))
      return;
    if (made.isSpent(request.ip)) throw new AppError('queue.too-many-wishes');
    made.count(request.ip);
  });
}
