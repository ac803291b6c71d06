import { mkdir } from 'node:fs/promises';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { CaseStatusWish, type ScreensView, SpeechQuery } from '../../protocol/api/screens.ts';
import { Id } from '../../protocol/values.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import { type ScreensConfig, usualLanguages } from '../config/screens-config.ts';
import type { Hall } from '../hall/hall.ts';
import type { CaseStatus } from '../screens/case-status.ts';
import { findKnownText } from '../screens/known-texts.ts';
import { listMedia, mediaPrefix } from '../screens/media-files.ts';
import type { Voice } from '../sound/voice.ts';

const TicketParams = Type.Object({ id: Id });

/** What kiosk, boards and phones ask besides the queue. Nobody logs in. */
export async function addScreenRoutes(
  server: FastifyInstance,
  parts: {
    screens: ScreensConfig;
    hall: Hall;
    register: RegisterHolder;
    caseStatus: CaseStatus;
    voice: Voice;
    /** Whether visits can be booked in this branch. */
    hasAppointments: () => boolean;
  },
): Promise<void> {
  const { screens, hall, register, caseStatus, voice } = parts;
  const { mediaDir } = screens;
  if (mediaDir !== undefined) {
    await mkdir(mediaDir, { recursive: true });
    await server.register(fastifyStatic, {
      root: mediaDir,
      prefix: mediaPrefix,
      decorateReply: false,
      index: false,
      dotfiles: 'ignore',
    });
  }

  server.get(
    '/api/screens',
    async (): Promise<ScreensView> => ({
      languages: screens.languages ?? usualLanguages,
      appointments: parts.hasAppointments(),
      voice: await voice.isThere(),
      media: await listMedia(mediaDir),
    }),
  );
  server.get<{ Querystring: Static<typeof SpeechQuery> }>(
    '/api/speech',
    { schema: { querystring: SpeechQuery } },
    async (request, reply) => {
      const { 'text-id': textId, language = 'ru' } = request.query;
      const known = findKnownText(textId, language, { register, hall });
      return reply.type('audio/wav').send(await voice.say(known.text, known.language));
    },
  );
  server.post<{ Body: CaseStatusWish }>(
    '/api/case-status',
    { schema: { body: CaseStatusWish } },
    async request => caseStatus.ask(request.body, request.ip),
  );
  server.get<{ Params: Static<typeof TicketParams> }>(
    '/api/tickets/:id/cases',
    { schema: { params: TicketParams } },
    async request => caseStatus.ofTicket(request.params.id),
  );
}
