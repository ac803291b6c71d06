import type { FastifyInstance } from 'fastify';
import type { Journal } from '../journal/journal.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The handler itself answers only with what is on the disk. */
    answersWhenDurable?: true;
  }
}

/**
 * No answer leaves while what it may speak of could still be undone: it waits for everything that was
 * written when its handler was done. Twenty kiosks would so wait for the commits of each other; who has to
 * be quick looks after it by itself.
 */
export function settleAnswers(server: FastifyInstance, journal: Pick<Journal, 'settled'>): void {
  server.addHook('onSend', (request, _reply, _payload, done) => {
    if (request.routeOptions.config.answersWhenDurable) done();
    else journal.settled().then(() => done(), done);
  });
}
