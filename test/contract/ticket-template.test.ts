import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { openTicketTemplate } from '../../device/config/ticket-template-file.ts';
import { addTicketTemplateRoutes } from '../../device/http/ticket-template-routes.ts';
import { epson80mm } from '../../device/peripherals/printers/escpos/models.ts';
import { systemClock as clock } from '../../platform/clock.ts';
import { createHttpServer } from '../../platform/http.ts';
import { createLog } from '../../platform/log.ts';
import { addLogin, hashPassword } from '../../platform/login.ts';
import { defaultTicketTemplate, type TicketTemplate } from '../../protocol/ticket-template.ts';
import { readQr } from '../fixtures/read-qr.ts';

const log = createLog('test', 'silent');
const branch = {
  name: { ru: 'МФЦ «Образцовский»', en: 'Sample branch' },
  address: { ru: 'Образцовая улица, 1', en: '1 Sample Street' },
  ...{ code: 'T', timeZone: 'Europe/Moscow', windows: ['1'], normMinutes: 15 },
};
let dir: string;
let path: string;
let server: Awaited<ReturnType<typeof createHttpServer>>;
let cookies: Record<'technician' | 'clerk', string>;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'okno-template-'));
  path = join(dir, 'ticket-template.json');
  server = await createHttpServer(log);
  const passwordHash = await hashPassword('пароль');
  const user = (role: 'technician' | 'clerk') => ({
    ...{ login: role, name: 'Проверкин П. П.', post: 'для проверки', role, window: null, passwordHash },
  });
  const login = addLogin(server, [user('technician'), user('clerk')], clock);
  const templates = await openTicketTemplate(path, log);
  addTicketTemplateRoutes(server, { login, templates, model: epson80mm, branch, log });
  const enter = async (role: string) => {
    const answer = await server.inject({
      method: 'POST',
      url: '/api/login',
      payload: { login: role, password: 'пароль' },
    });
    return String(answer.headers['set-cookie']).split(';')[0] ?? '';
  };
  cookies = { technician: await enter('technician'), clerk: await enter('clerk') };
});
after(async () => {
  await server.close();
  await rm(dir, { recursive: true });
});

const ask = (method: 'GET' | 'PUT' | 'POST', url: string, payload?: object, who = cookies.technician) =>
  server.inject({ method, url, headers: { cookie: who }, ...(payload && { payload }) });

test('a template that is saved is in force at once and after a start', async () => {
  assert.deepEqual((await ask('GET', '/api/ticket-template')).json().template, defaultTicketTemplate);
  const mine: TicketTemplate = {
    ...defaultTicketTemplate,
    mode: 'raster',
    parts: [{ kind: 'number', times: 5, afterMm: 1 }],
  };
  const saved = await ask('PUT', '/api/ticket-template', mine);
  assert.equal(saved.statusCode, 200);
  assert.deepEqual(saved.json().template, mine);
  assert.equal(saved.json().printer.widthDots, 576);
  assert.deepEqual((await openTicketTemplate(path, log)).get(), mine);
});

test('F02 a template file that a power cut damaged leaves the one before, and none at all the shipped look', async () => {
  const holder = await openTicketTemplate(join(dir, 'cut.json'), log);
  const one: TicketTemplate = { ...defaultTicketTemplate, mode: 'raster' };
  await holder.save(one);
  await holder.save(defaultTicketTemplate);
  await writeFile(join(dir, 'cut.json'), '{"mode":"te');
  assert.deepEqual((await openTicketTemplate(join(dir, 'cut.json'), log)).get(), one);
  await writeFile(join(dir, 'cut.json.previous'), '');
  assert.deepEqual((await openTicketTemplate(join(dir, 'cut.json'), log)).get(), defaultTicketTemplate);
});

test('the preview is a picture of the paper with a code that can be read', async () => {
  const answer = await ask('POST', '/api/ticket-template/preview', { template: defaultTicketTemplate });
  assert.equal(answer.headers['content-type'], 'image/png');
  const { width, height } = await sharp(answer.rawPayload).metadata();
  assert.equal(width, 576);
  assert.ok((height ?? 0) > 500);
  assert.equal((await readQr(answer.rawPayload)).length, 1);
});

test('a ticket without a number, a logo that is no picture and a foreign part are refused by code', async () => {
  const code = async (template: object) => (await ask('PUT', '/api/ticket-template', template)).json().code;
  const rule = { kind: 'rule', afterMm: 0 };
  assert.equal(await code({ ...defaultTicketTemplate, parts: [rule] }), 'printer.template-without-number');
  const logo = Buffer.from('not a picture').toString('base64');
  assert.equal(await code({ ...defaultTicketTemplate, logo }), 'printer.template-logo');
  const preview = await ask('POST', '/api/ticket-template/preview', {
    template: { ...defaultTicketTemplate, logo },
  });
  assert.equal(preview.json().code, 'printer.template-logo');
  const foreign = await ask('PUT', '/api/ticket-template', {
    ...defaultTicketTemplate,
    parts: [{ kind: 'cash-drawer' }],
  });
  assert.equal(foreign.statusCode, 400);
});

test('only the technician reads and changes the look of tickets', async () => {
  assert.equal((await ask('GET', '/api/ticket-template', undefined, cookies.clerk)).statusCode, 403);
  assert.equal((await ask('PUT', '/api/ticket-template', defaultTicketTemplate, '')).statusCode, 401);
});
