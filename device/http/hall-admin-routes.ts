import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Login } from '../../platform/login.ts';
import {
  Announcement,
  MessageToClerks,
  PaperAdmission,
  ServiceOffer,
  SkillsWish,
  TicketCancel,
  TicketChange,
} from '../../protocol/api/hall.ts';
import type { Me } from '../../protocol/api/people.ts';
import { Repeatable } from '../../protocol/api/queue.ts';
import { LeaseWish, StationTicket } from '../../protocol/api/station.ts';
import { Id, Key } from '../../protocol/values.ts';
import type { Hall } from '../hall/hall.ts';

const OfId = Type.Object({ id: Id });
const OfKey = Type.Object({ id: Key });
const OfWindow = Type.Object({ id: Type.String({ minLength: 1, maxLength: 8 }) });

/** The hall administrator's side of the queue, and that of stations. */
export function addHallAdminRoutes(server: FastifyInstance, parts: { hall: Hall; login: Login }): void {
  const { hall, login } = parts;
  const desk = hall.administrator;

  /** An act of the administrator; each answers with the hall as it is afterwards. */
  function act<T extends typeof OfId | typeof OfKey | typeof OfWindow, B extends Type.TSchema>(
    path: string,
    schema: { params: T; body: B },
    run: (me: Me, id: string, body: Static<B>) => Promise<void>,
  ): void {
    server.post(path, { schema }, async request => {
      const me = login.require(request, 'hall');
      await run(me, (request.params as { id: string }).id, request.body as Static<B>);
      return hall.live();
    });
  }
  const nothing = Type.Any();

  server.get('/api/hall/live', async request => {
    login.require(request, 'hall');
    return hall.live();
  });
  act('/api/hall/tickets/:id/change', { params: OfId, body: TicketChange }, desk.change);
  act('/api/hall/tickets/:id/cancel', { params: OfId, body: TicketCancel }, (me, id, { reason }) =>
    desk.cancel(me, id, reason),
  );
  act('/api/hall/tickets/:id/reprint', { params: OfId, body: Repeatable }, (me, id, wish) =>
    desk.reprint(me, id, wish?.requestId),
  );
  act('/api/hall/tickets/:id/return', { params: OfId, body: nothing }, desk.giveBack);
  act('/api/hall/services/:id', { params: OfKey, body: ServiceOffer }, desk.offer);
  act('/api/hall/skills/:id', { params: OfKey, body: SkillsWish }, desk.setSkills);
  act('/api/hall/windows/:id/close', { params: OfWindow, body: nothing }, desk.closeWindow);
  act('/api/hall/administrator-calls/:id/came', { params: OfId, body: nothing }, desk.came);

  const asHall = (request: FastifyRequest) => login.require(request, 'hall');
  server.post<{ Body: Static<typeof Announcement> }>(
    '/api/hall/announcements',
    { schema: { body: Announcement } },
    async request => {
      await desk.announce(asHall(request), request.body);
      return hall.live();
    },
  );
  server.delete<{ Params: Static<typeof OfId> }>(
    '/api/hall/announcements/:id',
    { schema: { params: OfId } },
    async request => {
      await desk.endAnnouncement(asHall(request), request.params.id);
      return hall.live();
    },
  );
  server.post<{ Body: Static<typeof MessageToClerks> }>(
    '/api/hall/messages',
    { schema: { body: MessageToClerks } },
    async request => {
      await desk.tellClerks(asHall(request), request.body);
      return hall.live();
    },
  );
  server.post<{ Body: Static<typeof PaperAdmission> }>(
    '/api/hall/admissions',
    { schema: { body: PaperAdmission } },
    async request => {
      await hall.admitByPaper(asHall(request), request.body);
      return hall.live();
    },
  );
  server.post('/api/hall/day/open', async request => {
    await desk.openDay(asHall(request));
    return hall.live();
  });
  server.post('/api/hall/day/close', async request => {
    await desk.closeDay(asHall(request));
    return hall.live();
  });

  server.post<{ Body: Static<typeof LeaseWish> }>(
    '/api/stations/leases',
    { schema: { body: LeaseWish } },
    async request => hall.stations.lease(login.require(request, 'station').login, request.body),
  );
  server.post<{ Body: Static<typeof StationTicket> }>(
    '/api/stations/tickets',
    { schema: { body: StationTicket } },
    async request => hall.stations.accept(login.require(request, 'station').login, request.body),
  );
}
