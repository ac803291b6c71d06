import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPostgresStorage } from '../../central/storage/postgres.ts';
import seed from '../../provisioning/demonstration/register.json' with { type: 'json' };
import { openBooks, silentLog } from '../fixtures/books.ts';
import { startPostgres, withoutPostgres } from '../fixtures/postgres-server.ts';
import { startTcpProxy } from '../simulators/tcp-proxy/tcp-proxy.ts';
import { agency, gatewayTo, inState, oneRegistration, sendCase, startRelaying } from './relay-setting.ts';
import { folder, until } from './sync-setting.ts';

test('F18 an agency is one centre’s at a time, and another one takes it over when that is gone', {
  skip: withoutPostgres,
}, async t => {
  const server = await startPostgres();
  t.after(() => server.stop());
  const url = new URL(await server.database());
  const line = await startTcpProxy(Number(url.port));
  t.after(() => line.close());
  const system = await agency(t);
  const dir = await folder(t);
  const books = async (port: number | string) => {
    url.port = String(port);
    return openBooks(await openPostgresStorage(url.href, silentLog));
  };
  /** Gateways whose sendings are counted, or get stuck until the centre ends. */
  const counting = (isStuck: boolean) => {
    let sent = 0;
    let end = () => {};
    const ended = new Promise<{ kind: 'unreachable'; reason: string }>(resolve => {
      end = () => resolve({ kind: 'unreachable', reason: 'the centre ends' });
    });
    const adapters = seed.agencies.map(({ id }) => {
      const gateway = gatewayTo(system, id);
      const send: typeof gateway.send = (request, open) => {
        sent++;
        return isStuck ? ended : gateway.send(request, open);
      };
      return [id, { ...gateway, send, close: end }] as const;
    });
    return { sent: () => sent, adapters: Object.fromEntries(adapters) };
  };
  const databasePort = url.port;
  const [stuck, other] = [counting(true), counting(false)];
  const one = await startRelaying(t, dir, system, stuck.adapters, await books(line.port));
  const sent = await sendCase(one);
  await sent.deliver(one);
  await until('the first one is at it', () => stuck.sent() === 1);

  const two = await startRelaying(t, dir, system, other.adapters, await books(databasePort));
  two.relay.kick();
  // Some rounds of the other centre.
  await sleep(300);
  assert.equal(other.sent(), 0);

  line.target = undefined;
  line.cut();
  await inState(two, sent, 'result-ready');
  assert.equal(other.sent(), 1);
  oneRegistration(system, sent);
});
