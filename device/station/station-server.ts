import type { FastifyInstance, FastifyReply } from 'fastify';
import Type, { type Static } from 'typebox';
import type { BranchView } from '../../protocol/api/branch.ts';
import { TicketWish } from '../../protocol/api/tickets.ts';
import { AppError } from '../../protocol/app-error.ts';
import { Id } from '../../protocol/values.ts';
import { HubAway, type HubClient, HubRefusal } from './hub-client.ts';
import type { Station } from './station.ts';
import type { StationBook } from './station-book.ts';

/** What pages of a kiosk read, and may read in its newest state when the hub is away. */
const kept = ['/api/branch', '/api/register', '/api/hall', '/api/screens'];
/** What a kiosk sends to the hub alone. */
const passed = ['/api/ratings', '/api/administrator-calls', '/api/case-status'];

const TicketParams = Type.Object({ id: Id });
interface OfTicket {
  Params: Static<typeof TicketParams>;
}
const ofTicket = { schema: { params: TicketParams } };

/** A kiosk's addresses on its own box: tickets from here, the rest from the hub. */
export function addStationRoutes(
  server: FastifyInstance,
  { station, hub, book }: { station: Station; hub: HubClient; book: StationBook },
): void {
  server.post<{ Body: Static<typeof TicketWish> }>(
    '/api/tickets',
    { schema: { body: TicketWish } },
    async request => station.issue(request.body),
  );
  server.get<OfTicket>('/api/tickets/:id', ofTicket, async (request, reply) => {
    const own = station.ticket(request.params.id);
    const path = `/api/tickets/${own.id}`;
    // The hub knows what became of it; before it was told, and when it is away, this station does.
    return station.isTold(own.id) ? relay(reply, () => hub.ask('GET', path), JSON.stringify(own)) : own;
  });
  server.post<OfTicket>('/api/tickets/:id/on-screen', ofTicket, async request =>
    station.confirmOnScreen(request.params.id),
  );
  server.get('/api/station', async () => station.view());

  /** Asks the hub, and gives its refusals on as they are. */
  async function relay(reply: FastifyReply, ask: () => Promise<string>, newest?: string): Promise<unknown> {
    reply.type('application/json; charset=utf-8');
    try {
      return await ask();
    } catch (error) {
      if (error instanceof HubRefusal) return reply.code(error.status).send(error.body);
      if (!(error instanceof HubAway)) throw error;
      if (newest === undefined) throw new AppError('queue.hub-away');
      return newest;
    }
  }

  /** Booking and the box's voice are the hub's own: a kiosk must not offer what it cannot pass on. */
  const asOffered = (screens: string) =>
    JSON.stringify({ ...JSON.parse(screens), appointments: false, voice: false });

  /** Pages set their clocks by it, and must not tell a wait that nobody knows. */
  const whileAlone = (branch: string | undefined) => {
    if (branch === undefined) return undefined;
    const view: BranchView = { ...JSON.parse(branch), now: station.now().toISOString(), alone: true };
    return JSON.stringify(view);
  };

  const whileAway: Record<string, (newest: string | undefined) => string | undefined> = {
    '/api/branch': whileAlone,
    '/api/screens': newest => newest && asOffered(newest),
  };

  for (const path of kept)
    server.get(path, async (_request, reply) => {
      const newest = book.answer(path);
      const ask = async () => {
        const body = await hub.ask('GET', path);
        // The branch's figures change each second, and would wear the disk.
        if (newest === undefined || (newest !== body && path !== '/api/branch')) book.keepAnswer(path, body);
        return path === '/api/screens' ? asOffered(body) : body;
      };
      return relay(reply, ask, whileAway[path]?.(newest) ?? newest);
    });
  for (const path of passed)
    server.post(path, async (request, reply) =>
      relay(reply, () => hub.ask('POST', path, request.body ?? undefined)),
    );
}
