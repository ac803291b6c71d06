import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Clock } from '../../platform/clock.ts';
import type { Login } from '../../platform/login.ts';
import { type BranchView, TicketWish } from '../../protocol/api.ts';
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

  server.get(
    '/api/branch',
    async (): Promise<BranchView> => ({
      id: config.box,
      name: config.branch.name,
      address: config.branch.address,
      timeZone: config.branch.timeZone,
      now: clock.now().toISOString(),
      windows: config.branch.windows,
      ...hall.waitNow(),
      registerVersion: register.version(),
    }),
  );
  server.get('/api/register', async () => register.get());
  server.get('/api/board', async () => hall.board());
  server.post<{ Body: Static<typeof TicketWish> }>(
    '/api/tickets',
    { schema: { body: TicketWish }, config: { answersWhenDurable: true } },
    async request => hall.issue(request.body),
  );
  server.get<OfTicket>('/api/tickets/:id', ofTicket, async request => hall.ticket(request.params.id));
  server.post<OfTicket>('/api/tickets/:id/on-screen', ofTicket, async request =>
    hall.confirmOnScreen(request.params.id),
  );

  server.get('/api/queue', async request => hall.queue(login.require(request, 'clerk')));
  server.post('/api/queue/next', async request => {
    const me = login.require(request, 'clerk');
    await hall.callNext(me);
    return hall.queue(me);
  });
  const acts = {
    recall: hall.recall,
    came: hall.came,
    'no-show': hall.noShow,
    finish: hall.finish,
  };
  for (const [name, act] of Object.entries(acts))
    server.post<OfTicket>(`/api/tickets/:id/${name}`, ofTicket, async request => {
      const me = login.require(request, 'clerk');
      await act(me, request.params.id);
      return hall.queue(me);
    });
}
