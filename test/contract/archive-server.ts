import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import fastifyStatic from '@fastify/static';
import { createActViews } from '../../central/archive/act-views.ts';
import { createArchiveViews } from '../../central/archive/archive-views.ts';
import { openLooks } from '../../central/archive/looks.ts';
import { createEvidenceViews } from '../../central/evidence/evidence-views.ts';
import { createExportPackage } from '../../central/evidence/export-package.ts';
import type { StampService } from '../../central/evidence/renew-stamps.ts';
import { noRevocationDesk } from '../../central/evidence/revocation-desk.ts';
import { addArchiveRoutes } from '../../central/http/archive-routes.ts';
import { addEvidenceRoutes } from '../../central/http/evidence-routes.ts';
import { createHttpServer } from '../../platform/http.ts';
import { addLiveStream } from '../../platform/live-stream.ts';
import { addLogin, hashPassword } from '../../platform/login.ts';
import type { Me } from '../../protocol/api/people.ts';
import { openTestCentre, silentLog } from '../fixtures/books.ts';
import { openArchive, register, timeZone } from './archive-setting.ts';

export const password = 'проба';
const people: Record<string, [role: Me['role'], name: string, post: string]> = {
  anna: ['archivist', 'Архивова Анна Примеровна', 'Заведующая архивом'],
  boris: ['archivist', 'Хранилов Борис Тестович', 'Архивариус'],
  olga: ['operator', 'Диспетчерова Ольга Пробовна', 'Оператор региона'],
  irina: ['auditor', 'Проверкина Ирина Образцовна', 'Аудитор'],
  clerk: ['clerk', 'Окошкина Анна Примеровна', 'Специалист'],
};

/** The archive's addresses over books of their own, with its pages when they are built in `uiDir`. */
export async function openArchiveServer(t: TestContext, uiDir?: string, stamps?: StampService) {
  const archive = await openArchive(t, await openTestCentre());
  const { storage, book, clock, blobs } = archive;
  let work = Promise.resolve();
  t.after(async () => {
    await work;
    await storage.close();
  });
  const server = await createHttpServer(silentLog);
  t.after(() => server.close());
  const live = addLiveStream(server);
  t.after(() => live.close());
  const passwordHash = await hashPassword(password);
  const users = Object.entries(people).map(([login, [role, name, post]]) => ({
    ...{ login, role, name, post, window: null, passwordHash },
  }));
  const current = async () => register;
  const changed = () => live.changed('cases');
  const login = addLogin(server, users, clock);
  addArchiveRoutes(server, {
    ...{ login, blobs, register: current, timeZone, changed },
    desk: {
      ...{ acts: archive.acts, holds: archive.holds },
      kick() {
        work = work.then(archive.carryOut.round).then(changed);
      },
      views: createArchiveViews({ storage, book, register: current, timeZone, clock }),
      actViews: createActViews(storage, current),
      look: openLooks(storage, book),
      // Nobody who signs is trusted here.
      exportPackage: createExportPackage({
        ...{ blobs, desk: noRevocationDesk, stamps, clock },
        anchors: { clerks: [], boxes: [], officers: [], agencySystems: [] },
      }),
    },
  });
  addEvidenceRoutes(server, {
    login,
    evidence: createEvidenceViews({
      ...{ storage, blobs, book: archive.evidence, stamps, clock, alarmAfterMs: 3_600_000 },
    }),
  });
  let url = '';
  if (uiDir !== undefined) {
    await server.register(fastifyStatic, { root: uiDir, index: false });
    server.get('/archive', (_request, reply) => reply.sendFile('archive.html'));
    await server.listen({ host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}/archive`;
  }
  const cookies = new Map<string, string>();
  async function cookieOf(login: string): Promise<string> {
    const known = cookies.get(login);
    if (known !== undefined) return known;
    const wish = { method: 'POST', url: '/api/login', payload: { login, password } } as const;
    const given = (await server.inject(wish)).cookies[0]?.value ?? '';
    cookies.set(login, given);
    return given;
  }
  const ask = async (login: string, path: string, payload?: object) =>
    server.inject({
      ...{ method: payload ? 'POST' : 'GET', url: `/api/archive${path}`, ...(payload && { payload }) },
      cookies: { 'okno-0': await cookieOf(login) },
    });
  /** `ok`, or the code of the refusal. */
  const code = async (login: string, path: string, payload?: object) => {
    const answer = await ask(login, path, payload);
    return answer.statusCode === 200 ? 'ok' : (answer.json() as { code: string }).code;
  };
  return { archive, ask, code, url };
}
