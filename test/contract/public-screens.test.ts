import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import sharp from 'sharp';
import { readCodes } from '../../device/capture/barcodes/read-codes.ts';
import { createReceiptDesk } from '../../device/cases/receipts/receipt-desk.ts';
import { addScreenRoutes } from '../../device/http/screen-routes.ts';
import { createCaseStatus } from '../../device/screens/case-status.ts';
import type { Voice } from '../../device/sound/voice.ts';
import { createHttpServer } from '../../platform/http.ts';
import type { CaseStatusView, ScreensView } from '../../protocol/api/screens.ts';
import { silentLog } from '../fixtures/branch.ts';
import { minuteMs } from '../fixtures/test-clock.ts';
import { addPage, branch, desk, me, openCase, seat, serviceId, start } from './case-setting.ts';

/** Without a real one each sentence comes back as it was asked for. */
const echo: Voice = {
  isThere: async () => true,
  say: async (text, language) => Buffer.from(`${language}: ${text}`),
};

async function serve(voice: Voice = echo, mediaDir?: string) {
  const server = await createHttpServer(silentLog);
  const { hall, register, db } = desk();
  await addScreenRoutes(server, {
    ...{ hall, register, voice, hasAppointments: () => false },
    screens: { ...(mediaDir !== undefined && { mediaDir }) },
    caseStatus: createCaseStatus({ db, register, clock: branch.clock }),
  });
  const get = (url: string) => server.inject({ method: 'GET', url });
  const ask = async (number: string, code: string, remoteAddress = '10.0.0.7') => {
    const url = '/api/case-status';
    const answer = await server.inject({ method: 'POST', url, payload: { number, code }, remoteAddress });
    return answer.json() as CaseStatusView & { code: string };
  };
  return { server, get, ask };
}

describe('the state of a case', () => {
  test('KEM-14 is told to whoever has the number and the code, and to nobody else', async () => {
    await start();
    const caseId = await openCase();
    const { number, checkCode } = await desk().views.get(caseId);
    const { server, ask } = await serve();
    const told = await ask(number, checkCode);
    assert.deepEqual([told.number, told.state, told.sentAt], [number, 'open', null]);
    assert.equal(told.serviceTitle.ru, (await desk().views.get(caseId)).serviceTitle.ru);
    assert.equal(
      (await ask(number.slice(-6), `${checkCode.slice(0, 3)} ${checkCode.slice(3)}`)).number,
      number,
    );
    assert.equal((await ask('1', checkCode)).number, number, 'zeros in front need not be typed');

    const wrong = checkCode === '000000' ? '000001' : '000000';
    assert.equal((await ask(number, wrong)).code, 'case.wrong-check-code');
    assert.equal((await ask('МФЦ-900-2026-999999', checkCode)).code, 'case.wrong-check-code');
    assert.equal((await ask('%', checkCode)).code, 'case.wrong-check-code');
    assert.equal((await ask(number, '12')).code, 'internal.bad-request');
    await server.close();
  });

  test('KEM-14 codes cannot be tried out: a number has few tries, and so has whoever asks', async () => {
    await start();
    const caseId = await openCase();
    const { number, checkCode } = await desk().views.get(caseId);
    const { server, ask } = await serve();
    const wrong = checkCode === '000000' ? '000001' : '000000';
    for (let n = 0; n < 5; n++)
      assert.equal((await ask(number, wrong, `10.0.1.${n}`)).code, 'case.wrong-check-code');
    assert.equal((await ask(number, checkCode, '10.0.2.1')).code, 'case.check-locked');
    for (let n = 0; n < 20; n++) await ask(`${900 + n}`, wrong, '10.0.3.1');
    assert.equal((await ask('899', wrong, '10.0.3.1')).code, 'case.check-locked');
    branch.clock.advance(16 * minuteMs);
    assert.equal((await ask(number, checkCode)).number, number);
    await server.close();
  });

  test('KEM-14 is on the page of the ticket, with the code for later', async () => {
    await start();
    const ticketId = await seat();
    const caseId = await desk().cases.open(me, { ticketId, serviceId });
    const { number, checkCode } = await desk().views.get(caseId);
    const { server, get } = await serve();
    const cases = (await get(`/api/tickets/${ticketId}/cases`)).json() as CaseStatusView[];
    assert.deepEqual(
      cases.map(view => [view.number, view.code]),
      [[number, checkCode]],
    );
    await server.close();
  });
});

test('KEM-14 the receipt tells which papers were taken, number and code, and no name', async () => {
  await start();
  const caseId = await openCase();
  for (const kind of ['application', 'photo']) await addPage(caseId, kind);
  const { register, views, config } = desk();
  const printed: string[] = [];
  const receipts = createReceiptDesk({
    ...{ views, register, branch: config.branch, clock: branch.clock },
    printer: {
      async print(_pdf, { title }) {
        printed.push(title);
        return { jobId: '1', printer: 'tray' };
      },
    },
  });
  const file = join(branch.dir, 'receipt.pdf');
  await writeFile(file, await receipts.sheet(me, caseId));
  const text = execFileSync('pdftotext', ['-layout', file, '-']).toString();
  const { number, checkCode } = await views.get(caseId);
  for (const part of [number, checkCode, number.slice(-6), '1 страница', me.name])
    assert.ok(text.includes(part), part);
  execFileSync('pdftoppm', ['-r', '150', '-png', '-singlefile', file, join(branch.dir, 'receipt')]);
  const { data, info } = await sharp(join(branch.dir, 'receipt.png'))
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const codes = await readCodes({ data, width: info.width, height: info.height });
  assert.deepEqual(
    codes.map(code => code.text),
    [`${number.slice(-6)}-${checkCode}`],
  );
  await receipts.print(me, caseId);
  assert.deepEqual(printed, ['Расписка']);
});

describe('the voice', () => {
  test('reads what the box knows, in the language asked for or in Russian, and nothing else', async () => {
    await start();
    await seat('Б07');
    const { server, get } = await serve();
    const read = async (id: string, language = 'ru') =>
      (await get(`/api/speech?text-id=${encodeURIComponent(id)}&language=${language}`)).body;
    const refusal = async (id: string) => JSON.parse(await read(id)).code;
    assert.match(await read('screen.categories'), /^ru: Зачем вы пришли/);
    assert.match(await read('screen.categories', 'en'), /^en: What brings you/);
    assert.match(await read('screen.categories', 'tt'), /^tt: /);
    assert.match(await read(`service.${serviceId}`, 'tt'), /^ru: /, 'the register is not in Tatar');
    assert.match(await read(`papers.${serviceId}`, 'en'), /^en: Please bring: /);
    assert.equal(await read('call.Б07'), 'ru: Талон Б, 7. Окно 1.');
    assert.equal(await refusal('call.Б08'), 'sound.unknown-text', 'only those who are called');
    assert.equal(await refusal('screen.constructor'), 'sound.unknown-text');
    assert.equal(await refusal('shout.fire'), 'sound.unknown-text');
    assert.equal(await refusal('Пожар!'), 'internal.bad-request');
    await server.close();
  });
});

test('boards show the pictures and films of their folder, in order and without anything else', async () => {
  await start();
  const mediaDir = join(branch.dir, 'media');
  const { server, get } = await serve(echo, mediaDir);
  const view = async () => (await get('/api/screens')).json() as ScreensView;
  assert.deepEqual([(await view()).media, (await view()).languages], [[], ['ru', 'en', 'tt']]);
  await mkdir(mediaDir, { recursive: true });
  for (const name of ['2 праздник.png', '1.webm', 'readme.txt', '.hidden.png'])
    await writeFile(join(mediaDir, name), name);
  const { media } = await view();
  assert.deepEqual(
    media.map(({ kind }) => kind),
    ['film', 'picture'],
  );
  assert.equal((await get(media[1]?.url ?? '')).body, '2 праздник.png');
  assert.equal((await get('/media/../box.db')).statusCode, 404);
  assert.equal((await get('/media/.hidden.png')).statusCode, 404);
  await server.close();
});
