import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type, { type Static, type TSchema } from 'typebox';
import type { Clock } from '../../platform/clock.ts';
import type { Login } from '../../platform/login.ts';
import type { BranchView } from '../../protocol/api/branch.ts';
import { AdministratorCall, Rating } from '../../protocol/api/hall.ts';
import { OutlookQuery } from '../../protocol/api/outlook.ts';
import type { Me } from '../../protocol/api/people.ts';
import {
  AddService,
  Choice,
  Comment,
  Hold,
  Pause,
  Repeatable,
  Transfer,
  WhyQuery,
} from '../../protocol/api/queue.ts';
import { TicketWish } from '../../protocol/api/tickets.ts';
import { Id } from '../../protocol/values.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import type { Hall } from '../hall/hall.ts';

const TicketParams = Type.Object({ id: Id });
interface OfTicket {
  Params: Static<typeof TicketParams>;
}
const ofTicket = { schema: { params: TicketParams } };

/** Kiosk, board, the phone in the hall (nobody logs in), and the clerk's side of the queue. */
export function addHallRoutes(
  server: FastifyInstance,
  parts: { hall: Hall; register: RegisterHolder; config: BoxConfig; login: Login; clock: Clock },
): void {
  const { hall, register, config, login, clock } = parts;

  server.get('/api/branch', async (): Promise<BranchView> => {
    const { waiting, wait, closing } = hall.waitNow();
    return {
      id: config.box,
      name: config.branch.name,
      address: config.branch.address,
      timeZone: config.branch.timeZone,
      now: clock.now().toISOString(),
      windows: config.branch.windows,
      ...{ waiting, wait, closing },
      registerVersion: register.version(),
    };
  });
  server.get('/api/register', async () => register.get());
  server.get('/api/board', async () => hall.board());
  server.get<{ Querystring: Static<typeof OutlookQuery> }>(
    '/api/wait',
    { schema: { querystring: OutlookQuery } },
    async request => hall.outlook(request.query),
  );
  server.post<{ Body: Static<typeof TicketWish> }>(
    '/api/tickets',
    { schema: { body: TicketWish }, config: { answersWhenDurable: true } },
    async request => hall.give(request.body),
  );
  server.get<OfTicket>('/api/tickets/:id', ofTicket, async request => hall.ticket(request.params.id));
  server.post<OfTicket>('/api/tickets/:id/on-screen', ofTicket, async request =>
    hall.confirmOnScreen(request.params.id),
  );

  const act = (name: 'cancel' | 'comeBack') => async (request: FastifyRequest<OfTicket>) =>
    hall.visitors[name](request.params.id);
  server.post<OfTicket>('/api/tickets/:id/cancel', ofTicket, act('cancel'));
  server.post<OfTicket>('/api/tickets/:id/return', ofTicket, act('comeBack'));
  server.get('/api/hall', async () => hall.visitors.hall());
  server.post<{ Body: Rating }>('/api/ratings', { schema: { body: Rating } }, async request => {
    await hall.visitors.rate(request.body);
    return {};
  });
  server.post<{ Body: Static<typeof AdministratorCall> }>(
    '/api/administrator-calls',
    { schema: { body: AdministratorCall } },
    async request => {
      await hall.visitors.callAdministrator(request.body);
      return {};
    },
  );

  addClerkRoutes(server, { hall, login });
}

/** The clerk's side; each act answers with the queue as it is afterwards. */
function addClerkRoutes(server: FastifyInstance, { hall, login }: { hall: Hall; login: Login }): void {
  server.get('/api/queue', async request => hall.queue(login.require(request, 'clerk')));
  server.post('/api/queue/next', async request => {
    const me = login.require(request, 'clerk');
    await hall.callNext(me);
    return hall.queue(me);
  });
  server.post<{ Body: Static<typeof Choice> }>(
    '/api/queue/choose',
    { schema: { body: Choice } },
    async request => {
      const me = login.require(request, 'clerk');
      await hall.choose(me, request.body);
      return hall.queue(me);
    },
  );

  function about<B extends TSchema>(
    name: string,
    body: B,
    act: (me: Me, ticketId: string, wish: Static<B>) => Promise<void>,
  ): void {
    const schema = { params: TicketParams, body };
    server.post(`/api/tickets/:id/${name}`, { schema }, async request => {
      const me = login.require(request, 'clerk');
      await act(me, (request.params as { id: string }).id, request.body as Static<B>);
      return hall.queue(me);
    });
  }
  const nothing = Type.Any();
  about('recall', Repeatable, (me, id, wish) => hall.recall(me, id, wish?.requestId));
  about('came', nothing, hall.came);
  about('no-show', nothing, hall.noShow);
  about('finish', Repeatable, (me, id, wish) => hall.finish(me, id, wish?.requestId));
  about('back', nothing, hall.back);
  about('hold', Hold, hall.hold);
  about('transfer', Transfer, hall.transfer);
  about('add-service', AddService, hall.addService);
  about('comment', Comment, hall.comment);

  const { open, lastClient, close, pause } = hall.window;
  for (const [name, act] of Object.entries({ open, resume: open, 'last-client': lastClient, close }))
    server.post(`/api/window/${name}`, async request => {
      const me = login.require(request, 'clerk');
      await act(me);
      return hall.queue(me);
    });
  server.post<{ Body: Static<typeof Pause> }>(
    '/api/window/pause',
    { schema: { body: Pause } },
    async request => {
      const me = login.require(request, 'clerk');
      await pause(me, request.body);
      return hall.queue(me);
    },
  );

  const why = { schema: { params: TicketParams, querystring: WhyQuery } };
  server.get<OfTicket & { Querystring: Static<typeof WhyQuery> }>(
    '/api/tickets/:id/why',
    why,
    async request => {
      login.require(request, 'clerk', 'hall');
      return hall.explain(request.params.id, request.query.before);
    },
  );
}
