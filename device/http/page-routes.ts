import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** The pages themselves, bundled beforehand. Nothing is fetched from outside the box. */
export async function addPageRoutes(server: FastifyInstance, uiDir: string): Promise<void> {
  await server.register(fastifyStatic, { root: uiDir, index: false, dotfiles: 'ignore' });
  server.get('/', (_request, reply) => reply.redirect('/kiosk'));
  for (const page of [
    ...['kiosk', 'board', 'clerk', 'copies', 'hall'],
    ...['technician', 'trainer', 'ticket-editor', 'forecast'],
  ])
    server.get(`/${page}`, (_request, reply) => reply.sendFile(`${page}.html`));
  server.get('/t/:ticketId', (_request, reply) => reply.sendFile('ticket.html'));
  server.get('/check/:sha256', (_request, reply) => reply.sendFile('check.html'));
}
