import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { addOperatorRoutes } from '../../central/http/operator-server.ts';
import { createHttpServer } from '../../platform/http.ts';
import { addLiveStream } from '../../platform/live-stream.ts';
import { addLogin, hashPassword } from '../../platform/login.ts';
import type { Me } from '../../protocol/api/people.ts';
import { silentLog } from '../fixtures/branch.ts';
import { testClock } from '../fixtures/test-clock.ts';

const pages = await mkdtemp(join(tmpdir(), 'okno-who-may-'));
after(() => rm(pages, { recursive: true }));

type Role = Me['role'];
const clock = testClock('2026-11-22T09:00:00.000Z');
const passwordHash = await hashPassword('proba');
const userOf = (role: Role) => ({ login: role, name: role, post: '', role, window: null, passwordHash });

/** Whatever an address is built of. Once `armed`, any work that is begun before the asker was judged shows. */
function anything() {
  let armed = false;
  const stub: unknown = new Proxy(() => {}, {
    get: (_target, name) => (name === 'then' ? undefined : stub),
    apply() {
      if (armed) throw new Error('work began');
      return stub;
    },
  });
  const parts = (real: object): unknown =>
    new Proxy(real, { get: (target, name) => Reflect.get(target, name) ?? stub });
  return {
    parts,
    arm() {
      armed = true;
    },
  };
}

/** Each address with the roles that get past its door: `everybody`, or `nobody` from another machine. */
async function whoMay(server: FastifyInstance, routes: readonly string[], roles: readonly Role[]) {
  const cookies = new Map<Role | undefined, string>([[undefined, '']]);
  for (const role of roles) {
    const payload = { login: role, password: 'proba' };
    const { cookies: given } = await server.inject({ method: 'POST', url: '/api/login', payload });
    cookies.set(role, `${given[0]?.name}=${given[0]?.value}`);
  }
  const found: Record<string, string> = {};
  for (const route of routes) {
    // The stream never ends, and logging out ends what is tried here; both are everybody's.
    if (route === 'GET /api/live' || route === 'POST /api/logout') continue;
    const [method, path] = route.split(' ') as ['GET' | 'POST', string];
    const url = path.replaceAll(/:\w+|\*/g, 'x');
    const through: (Role | undefined)[] = [];
    for (const [role, cookie] of cookies) {
      const asked = { method, url, headers: { cookie }, remoteAddress: '10.0.0.9' };
      const { statusCode } = await server.inject(method === 'GET' ? asked : { ...asked, payload: {} });
      if (statusCode !== 401 && statusCode !== 403) through.push(role);
    }
    if (through.includes(undefined)) assert.equal(through.length, cookies.size, route);
    found[route] = through.includes(undefined) ? 'everybody' : through.join(' ') || 'nobody';
  }
  return found;
}

/** Notes addresses as they are added, and lets all bodies and parameters through: they are not the matter here. */
function noteRoutes(server: FastifyInstance): string[] {
  const routes: string[] = [];
  server.addHook('onRoute', ({ method, url, schema }) => {
    for (const each of [method].flat()) if (each !== 'HEAD') routes.push(`${each} ${url}`);
    for (const part of ['body', 'params', 'querystring']) delete (schema as Record<string, unknown>)?.[part];
  });
  return routes;
}

/** Lines of `who METHOD path path …` as an entry for each address. */
function table(text: string): Record<string, string> {
  const lines = text.trim().split(/\n(?! {6})/);
  return Object.fromEntries(
    lines.flatMap(line => {
      const [who = '', method, ...paths] = line.trim().split(/\s+/);
      return paths.map(path => [`${method} ${path}`, who.replaceAll(',', ' ')]);
    }),
  );
}

/** `nobody`: only programs of the same machine. A code, a ticket's id or a digest stands for who may. */
const ofBox = table(`
  everybody GET / /* /api/appointments/:code /api/appointments/slots /api/board /api/branch
      /api/checks/:sha256 /api/hall /api/hub /api/register /api/screens /api/speech /api/tickets/:id
      /api/tickets/:id/cases /api/wait /board /check/:sha256 /clerk /copies /forecast /hall /kiosk
      /t/:ticketId /technician /ticket-editor /trainer
  everybody POST /api/administrator-calls /api/appointments /api/appointments/:code/cancel
      /api/appointments/:code/check-in /api/appointments/:code/move /api/appointments/:code/print
      /api/case-status /api/login /api/ratings /api/tickets /api/tickets/:id/cancel
      /api/tickets/:id/on-screen /api/tickets/:id/return
  nobody GET /api/doctor
  clerk GET /api/applicant-token /api/cases /api/cases/:id /api/cases/:id/copies/:copyNumber
      /api/cases/:id/package /api/cases/:id/proposal /api/cases/:id/receipt /api/cases/:id/result
      /api/cases/:id/result-document /api/cases/:id/signing /api/copies /api/documents/:id/original
      /api/documents/:id/pages/:index /api/documents/:id/pdf /api/documents/:id/places
      /api/documents/:id/text /api/incoming /api/pages/:sha256 /api/pages/:sha256/thumbnail /api/queue
      /api/scanners /api/search /api/services/:id/separators
  clerk POST /api/cases /api/cases/:id/applicant-sign /api/cases/:id/copies/:copyNumber/print
      /api/cases/:id/documents /api/cases/:id/hand-out /api/cases/:id/originals /api/cases/:id/paper-copy
      /api/cases/:id/receipt /api/cases/:id/scan /api/cases/:id/send /api/cases/:id/sign
      /api/documents/:id/applicant-signature /api/documents/:id/discard /api/documents/:id/recognise
      /api/queue/choose /api/queue/next /api/scanners/:scannerId/stop /api/services/:id/separators
      /api/tickets/:id/add-service /api/tickets/:id/back /api/tickets/:id/came /api/tickets/:id/comment
      /api/tickets/:id/finish /api/tickets/:id/hold /api/tickets/:id/no-show /api/tickets/:id/recall
      /api/tickets/:id/transfer /api/window/close /api/window/last-client /api/window/open /api/window/pause
      /api/window/resume
  clerk PUT /api/cases/:id/arrangement /api/documents/:id/fields
  clerk,hall GET /api/appointments /api/tickets/:id/why
  clerk,technician GET /api/devices /api/token
  hall DELETE /api/hall/announcements/:id
  hall GET /api/hall/live
  hall POST /api/hall/administrator-calls/:id/came /api/hall/admissions /api/hall/announcements
      /api/hall/day/close /api/hall/day/open /api/hall/messages /api/hall/services/:id /api/hall/skills/:id
      /api/hall/tickets/:id/cancel /api/hall/tickets/:id/change /api/hall/tickets/:id/reprint
      /api/hall/tickets/:id/return /api/hall/windows/:id/close
  hall,technician GET /api/forecast
  technician GET /api/journal /api/kinds /api/kinds/pages /api/kinds/rules /api/kinds/suggestions
      /api/technician /api/technician/devices/:id/wire /api/technician/hub /api/ticket-template
  technician POST /api/kinds/pages /api/kinds/samples /api/kinds/samples/:id/look
      /api/kinds/samples/:id/remove /api/kinds/try /api/technician/devices/:id/test /api/technician/take-over
      /api/ticket-template/preview
  technician PUT /api/kinds /api/technician/devices/:id/role /api/technician/devices/:id/wire
      /api/ticket-template
  station POST /api/stations/leases /api/stations/readings /api/stations/tickets
  spare GET /api/hub/configuration
  spare POST /api/hub/facts
  clerk,hall,technician,station,spare GET /api/me
`);
const ofCentre = table(`
  everybody GET / /* /api/public/appointments/:code /api/public/branches
      /api/public/branches/:box/appointments/slots /appointments /archive /operator
  everybody POST /api/login /api/public/appointments/:code/cancel /api/public/appointments/:code/move
      /api/public/branches/:box/appointments
  archivist POST /api/archive/acts /api/archive/acts/:number/approve /api/archive/acts/:number/reject
      /api/archive/cases/:caseId/holds /api/archive/holds/:number/lift
  operator,archivist,auditor GET /api/archive /api/archive/acts /api/archive/acts/:number
      /api/archive/acts/:number/list.pdf /api/archive/acts/:number/list.xml /api/archive/cases
      /api/archive/cases/:caseId /api/archive/cases/:caseId/:sha256/:what /api/cases /api/cases/:id
      /api/evidence/:sha256 /api/evidence/:sha256/files /api/evidence/:sha256/files/:piece /api/register
      /api/search
  operator,archivist,auditor,clerk GET /api/me
  operator,auditor GET /api/audit/proof /api/ledger/:box /api/region
`);

test('KEM-2.x what each role may ask of a box, and nothing is done for anybody else', async t => {
  const server = await createHttpServer(silentLog);
  t.after(() => server.close());
  const routes = noteRoutes(server);
  const roles: Role[] = ['clerk', 'hall', 'technician', 'station', 'spare'];
  const login = addLogin(server, roles.map(userOf), clock);
  addLiveStream(server);
  const { parts, arm } = anything();
  const given = parts({ login, clock, screens: {}, config: parts({ pair: { box: 'spare' } }) });
  const folder = join(import.meta.dirname, '../../device/http');
  for (const name of await readdir(folder)) {
    if (!name.endsWith('-routes.ts')) continue;
    const module: Record<string, unknown> = await import(join(folder, name));
    for (const [called, add] of Object.entries(module))
      if (called.startsWith('add'))
        await (add as (...args: unknown[]) => unknown)(server, called === 'addPageRoutes' ? pages : given);
  }
  await server.ready();
  arm();
  assert.deepEqual(await whoMay(server, routes, roles), ofBox);
});

test('LED-2.7, KEM-2.x what each role may ask of the centre, and nothing is done for anybody else', async t => {
  const server = await createHttpServer(silentLog);
  t.after(() => server.close());
  const routes = noteRoutes(server);
  const roles: Role[] = ['operator', 'archivist', 'auditor', 'clerk'];
  const { parts, arm } = anything();
  await addOperatorRoutes(server, parts({ clock, users: roles.map(userOf), uiDir: pages }) as never);
  await server.ready();
  arm();
  assert.deepEqual(await whoMay(server, routes, roles), ofCentre);
});
