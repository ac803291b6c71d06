import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { Credentials, type Me } from '../protocol/api/people.ts';
import { AppError } from '../protocol/app-error.ts';
import type { Clock } from './clock.ts';
import { createTryLimit } from './try-limit.ts';
import { createTurns } from './turns.ts';

const derive = promisify(scrypt) as (password: string, salt: Buffer, bytes: number) => Promise<Buffer>;

const keyBytes = 32;

/** `scrypt$<salt>$<key>`, both base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, keyBytes);
  return `scrypt$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

async function passwordFits(password: string, hash: string): Promise<boolean> {
  const [, salt, key] = hash.split('$').map(part => Buffer.from(part, 'base64url'));
  // An empty key would fit every password.
  if (!salt || key?.length !== keyBytes)
    throw new AppError('setup.bad-configuration', { what: 'passwordHash' });
  return timingSafeEqual(await derive(password, salt, keyBytes), key);
}

export interface User extends Me {
  passwordHash: string;
}

export interface Login {
  /** The person behind a request, if one is logged in. */
  find(request: FastifyRequest): Me | undefined;
  /** The person behind a request. Throws `access.login-required`, `access.forbidden`. */
  require(request: FastifyRequest, ...roles: Me['role'][]): Me;
  /** Calls with each person who logs out by the button. */
  onLogOut(told: (me: Me) => void): void;
}

/** Browsers keep no cookies by port: box and centre on one machine would log each other's people out. */
const cookieName = ({ socket }: FastifyRequest) => `okno-${socket.localPort ?? 0}`;
const sessionMs = 12 * 60 * 60 * 1000;
/** Wrong passwords in a row before each further try has to wait. */
const freeTries = 5;
const waitAfterMs = 30_000;
const namesCounted = 1000;
/** Wrong passwords of one address in a minute, whatever names they are for. */
const addressTries = { tries: 20, windowMs: 60_000 };

/** `POST /api/login`, `POST /api/logout`, `GET /api/me`: sessions in memory, a restart asks to log in again. */
export function addLogin(server: FastifyInstance, users: readonly User[], clock: Clock): Login {
  const sessions = new Map<string, { me: Me; endsMs: number }>();
  const listeners: ((me: Me) => void)[] = [];
  type Counts = Map<string, { tries: number; lastMs: number }>;
  const [wrong, wrongAtHome]: [Counts, Counts] = [new Map(), new Map()];
  /** Where each person logged in last: who guesses elsewhere must not keep the person out there. */
  const homes = new Map<string, string>();
  const addresses = createTryLimit(clock, addressTries);
  const turns = createTurns();

  function find(request: FastifyRequest): Me | undefined {
    const session = sessions.get(request.cookies[cookieName(request)] ?? '');
    return session && session.endsMs > clock.monotonicMs() ? session.me : undefined;
  }

  /**
   * One password after the other: each is a twentieth of a second of work by design, and somebody who only
   * invents names must not get all processors for it.
   */
  async function check(address: string, password: string, hash: string | undefined): Promise<boolean> {
    return await turns.take('password', async () => {
      needTries(address);
      // An unknown name costs the same time as a wrong password.
      const fits = await passwordFits(password, hash ?? `scrypt$${'A'.repeat(22)}$${'A'.repeat(43)}`);
      const isRight = fits && hash !== undefined;
      if (!isRight) addresses.count(address);
      return isRight;
    });
  }

  function needTries(address: string): void {
    if (addresses.isSpent(address))
      throw new AppError('access.too-many-tries', { seconds: addressTries.windowMs / 1000 });
  }

  /** Invented names are forgotten first: they must not wash away the count of a real one. */
  function count(counts: Counts, login: string, tries: number): void {
    counts.set(login, { tries, lastMs: clock.monotonicMs() });
    if (counts.size <= namesCounted) return;
    const invented = [...counts.keys()].find(name => !users.some(user => user.login === name));
    if (invented !== undefined) counts.delete(invented);
  }

  server.post<{ Body: Static<typeof Credentials> }>(
    '/api/login',
    { schema: { body: Credentials } },
    async (request, reply) => {
      const { login, password } = request.body;
      needTries(request.ip);
      const counts = homes.get(login) === request.ip ? wrongAtHome : wrong;
      const failed = counts.get(login);
      if (failed && failed.tries >= freeTries) {
        const leftMs = failed.lastMs + waitAfterMs - clock.monotonicMs();
        if (leftMs > 0) throw new AppError('access.too-many-tries', { seconds: Math.ceil(leftMs / 1000) });
      }
      // Counted before the slow check, or many guesses at once would all find the door open.
      count(counts, login, (failed?.tries ?? 0) + 1);
      const user = users.find(candidate => candidate.login === login);
      const isRight = await check(request.ip, password, user?.passwordHash);
      if (!user || !isRight) throw new AppError('access.bad-credentials');
      counts.delete(login);
      homes.set(login, request.ip);
      const { passwordHash: _, ...me } = user;
      const id = randomBytes(32).toString('base64url');
      const now = clock.monotonicMs();
      for (const [key, { endsMs }] of sessions) if (endsMs < now) sessions.delete(key);
      sessions.set(id, { me, endsMs: now + sessionMs });
      reply.setCookie(cookieName(request), id, {
        ...{ path: '/', httpOnly: true, sameSite: 'strict' },
        secure: request.protocol === 'https',
      });
      return me;
    },
  );
  server.post('/api/logout', async (request, reply) => {
    const me = find(request);
    sessions.delete(request.cookies[cookieName(request)] ?? '');
    if (me) for (const told of listeners) told(me);
    reply.clearCookie(cookieName(request), { path: '/' });
    return {};
  });
  server.get('/api/me', async request => {
    const me = find(request);
    if (!me) throw new AppError('access.login-required');
    return me;
  });

  return {
    find,
    require(request, ...roles) {
      const me = find(request);
      if (!me) throw new AppError('access.login-required');
      if (roles.length > 0 && !roles.includes(me.role)) throw new AppError('access.forbidden');
      return me;
    },
    onLogOut: told => void listeners.push(told),
  };
}
