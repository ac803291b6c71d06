import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Log } from '../../platform/log.ts';
import type { Login } from '../../platform/login.ts';
import { AppError } from '../../protocol/app-error.ts';
import { TicketTemplate, type TicketTemplateView } from '../../protocol/ticket-template.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { TicketTemplateHolder } from '../config/ticket-template-file.ts';
import type { TicketSlip } from '../peripherals/driver.ts';
import { bitmapOf, pngOf } from '../peripherals/printers/escpos/bitmap.ts';
import { previewTicket } from '../peripherals/printers/escpos/compose-ticket.ts';
import type { EscposModel } from '../peripherals/printers/escpos/model.ts';

const PreviewWish = Type.Object({ template: TicketTemplate });

/** The look of tickets, for the technician: read, try out, save. */
export function addTicketTemplateRoutes(
  server: FastifyInstance,
  parts: {
    login: Login;
    templates: TicketTemplateHolder;
    model: EscposModel;
    branch: BoxConfig['branch'];
    log: Log;
  },
): void {
  const { login, templates, model, branch, log } = parts;
  const view = (): TicketTemplateView => {
    const { id, title, widthDots, dotsPerInch } = model;
    return { template: templates.get(), printer: { model: id, title, widthDots, dotsPerInch } };
  };

  server.get('/api/ticket-template', async request => {
    login.require(request, 'technician');
    return view();
  });
  server.put<{ Body: TicketTemplate }>(
    '/api/ticket-template',
    { schema: { body: TicketTemplate } },
    async request => {
      const me = login.require(request, 'technician');
      await checkTemplate(request.body);
      await templates.save(request.body);
      log.info({ login: me.login }, 'the ticket template was changed');
      return view();
    },
  );
  server.post<{ Body: Static<typeof PreviewWish> }>(
    '/api/ticket-template/preview',
    { schema: { body: PreviewWish } },
    async (request, reply) => {
      login.require(request, 'technician');
      const { template } = request.body;
      await checkLogo(template);
      const ticket = await previewTicket(sampleSlip(branch.name.ru), template, model);
      return reply.type('image/png').send(await pngOf(ticket));
    },
  );
}

/** Throws `printer.template-without-number` and `printer.template-logo`. */
async function checkTemplate(template: TicketTemplate): Promise<void> {
  if (!template.parts.some(({ kind }) => kind === 'number'))
    throw new AppError('printer.template-without-number');
  await checkLogo(template);
}

async function checkLogo({ logo }: TicketTemplate): Promise<void> {
  if (logo === '') return;
  await bitmapOf(Buffer.from(logo, 'base64'), 1).catch((error: unknown) => {
    throw new AppError('printer.template-logo', {}, { cause: error });
  });
}

/** Long enough to show where lines break. */
const sampleSlip = (branch: string): TicketSlip => ({
  branch,
  number: 'А042',
  service: 'Регистрация по месту жительства и снятие с учёта',
  zone: 'Зал 1, окна 1–4',
  ahead: 'Перед вами: 3',
  wait: 'Ожидание 10–15 минут',
  issuedAt: '22.11.2026, 10:41',
  statusUrl: 'https://okno.example.ru/t/0d9f3c5e-7f3c-49a1-92e4-6c1b2a3d4e5f',
  reprint: false,
});
