import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { isThisMachine } from './this-machine.ts';

/** Tells kiosks from whoever else is in the branch's network. */
export interface KioskSeats {
  isKiosk(request: FastifyRequest): boolean;
}

const cookieName = 'okno-kiosk';
const yearSeconds = 365 * 24 * 60 * 60;

const StartQuery = Type.Object({
  key: Type.String({ maxLength: 200 }),
  place: Type.Optional(Type.String({ maxLength: 60 })),
});

/**
 * A browser on the box itself is its kiosk. One elsewhere starts at `/kiosk/start?key=…` with the key of
 * `screens.kioskKey`, which becomes a cookie: neither the page's address nor its scripts hold it.
 */
export function addKioskSeats(server: FastifyInstance, key: string | undefined): KioskSeats {
  const fits = (given: string | undefined) => {
    const [one, other] = [Buffer.from(given ?? ''), Buffer.from(key ?? '')];
    return key !== undefined && one.length === other.length && timingSafeEqual(one, other);
  };
  server.get<{ Querystring: Static<typeof StartQuery> }>(
    '/kiosk/start',
    { schema: { querystring: StartQuery } },
    (request, reply) => {
      const { key: given, place } = request.query;
      // Who has another key gets the page all the same: everybody may.
      if (fits(given))
        reply.setCookie(cookieName, given, {
          ...{ path: '/api/live', httpOnly: true, sameSite: 'strict', maxAge: yearSeconds },
          secure: request.protocol === 'https',
        });
      return reply.redirect(place ? `/kiosk?${new URLSearchParams({ place })}` : '/kiosk');
    },
  );
  return { isKiosk: request => isThisMachine(request) || fits(request.cookies[cookieName]) };
}
