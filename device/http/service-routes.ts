import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { apiError } from '../../platform/http.ts';
import type { Login } from '../../platform/login.ts';
import type { DevicesView, JournalView, LinkView } from '../../protocol/api/box.ts';
import type { TokenView } from '../../protocol/api/signing.ts';
import type { Journal } from '../journal/journal.ts';
import type { OutboxCounts } from '../journal/outbox-counts.ts';
import type { Health } from '../peripherals/health.ts';
import type { TokenService } from '../signing/token-service.ts';
import type { Link } from '../sync/link.ts';

const After = Type.Object({ after: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })) });
const factsShown = 10_000;

export function linkView(link: Link, journal: Journal): LinkView {
  const { state, since, code } = link.state();
  return { state, since, unsent: journal.unsentCount(), error: code ? apiError(code) : null };
}

/** Devices, the link, the token and the journal. */
export function addServiceRoutes(
  server: FastifyInstance,
  parts: {
    box: string;
    login: Login;
    health: Health;
    link: Link;
    journal: Journal;
    outbox: OutboxCounts;
    token: TokenService;
    /** Devices that are found when they are plugged in, at a place or anywhere. */
    plugged: (place: string | null) => DevicesView['devices'];
  },
): void {
  const { login, health, link, journal, outbox, token, plugged } = parts;

  login.onLogOut(me => void token.forgetPin(me.login));
  server.get('/api/devices', async (request): Promise<DevicesView> => {
    const me = login.require(request, 'clerk', 'technician');
    return {
      devices: [...health.view(), ...plugged(me.window)],
      link: linkView(link, journal),
      outbox: outbox.counters(),
    };
  });
  server.get('/api/token', async (request): Promise<TokenView> => {
    const me = login.require(request, 'clerk', 'technician');
    const { state, label, serial, certificate, triesLeft, code } = await token.view();
    return {
      state,
      label,
      serial,
      certificate: certificate && {
        owner: certificate.owner,
        serial: certificate.serial,
        notAfter: certificate.notAfter,
        algorithm: certificate.algorithm,
      },
      triesLeft,
      pinKept: token.keepsPinOf(me.login),
      error: code ? apiError(code, { triesLeft }) : null,
    };
  });
  server.get<{ Querystring: Static<typeof After> }>(
    '/api/journal',
    { schema: { querystring: After } },
    async (request): Promise<JournalView> => {
      login.require(request, 'technician');
      return {
        box: parts.box,
        epoch: journal.epoch,
        receiptedUpTo: journal.receiptedUpTo(),
        facts: journal.read(Number(request.query.after ?? 0), factsShown),
      };
    },
  );
}
