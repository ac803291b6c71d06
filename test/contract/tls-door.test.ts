import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request as plainly } from 'node:http';
import { request as overTls } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createHttpServer } from '../../platform/http.ts';
import { addLiveStream } from '../../platform/live-stream.ts';
import { addLogin, hashPassword } from '../../platform/login.ts';
import { openTlsDoor } from '../../platform/tls-door.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { silentLog } from '../fixtures/branch.ts';
import { testClock } from '../fixtures/test-clock.ts';

const password = 'окно-4711';

test('RSX-protect the pages are behind a second door over TLS, where the log-in stays on TLS', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'okno-door-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const authority = await createAuthority('Связь отделения');
  const names = ['localhost'];
  const issued = await authority.issue({ commonName: 'box', usage: 'tls-server', days: 90, names });
  const { certificate: cert, privateKey: key = '' } = issued;
  const ca = authority.certificate;
  const files = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') };
  await Promise.all([writeFile(files.cert, cert), writeFile(files.key, key)]);
  const server = await createHttpServer(silentLog);
  const live = addLiveStream(server);
  const passwordHash = await hashPassword(password);
  const user = {
    login: 'clerk',
    role: 'clerk',
    window: '1',
    name: 'Окошкина Анна',
    post: '',
    passwordHash,
  } as const;
  addLogin(server, [user], testClock('2026-11-22T09:00:00.000Z'));
  await server.listen({ host: '127.0.0.1', port: 0 });
  const door = await openTlsDoor(server, { host: '127.0.0.1', port: 0, ...files }, silentLog);
  const { port } = server.server.address() as { port: number };

  async function ask(way: 'plain' | 'tls', path: string, body?: object): Promise<IncomingMessage> {
    const options = {
      method: body ? 'POST' : 'GET',
      ...{ host: 'localhost', port: way === 'tls' ? door.port : port, path, ca },
      headers: { 'content-type': 'application/json' },
    };
    const asked = way === 'tls' ? overTls(options) : plainly(options);
    asked.end(body && JSON.stringify(body));
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return answer;
  }
  const cookieOf = async (way: 'plain' | 'tls') => {
    const { headers } = await ask(way, '/api/login', { login: 'clerk', password });
    return headers['set-cookie']?.[0] ?? '';
  };

  assert.match(await cookieOf('tls'), /; Secure/);
  const onThisMachine = await cookieOf('plain');
  assert.ok(onThisMachine !== '' && !onThisMachine.includes('Secure'));
  // Whoever comes to this door without TLS gets nothing.
  await assert.rejects(once(plainly({ host: 'localhost', port: door.port }).end(), 'response'));
  const stream = await ask('tls', '/api/live');
  assert.equal(stream.statusCode, 200);
  stream.resume();
  // What a technician wrote wrongly is told by its name.
  const bad = { code: 'setup.bad-configuration' };
  for (const change of [{ cert: files.key }, { key: join(dir, 'none.pem') }, { port: door.port }])
    await assert.rejects(
      openTlsDoor(server, { host: '127.0.0.1', port: 0, ...files, ...change }, silentLog),
      bad,
    );
  // Open pages do not keep a box from stopping.
  live.close();
  await door.close();
  await server.close();
});
