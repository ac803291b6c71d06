import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBranchHub } from '../../device/station/branch-hub.ts';
import { createHttpServer } from '../../platform/http.ts';
import type { HubView } from '../../protocol/api/hub.ts';
import { silentLog } from '../fixtures/branch.ts';

test('a station follows only the box that took over last, also after a start, and never an old hub that came back', async t => {
  const boxes = await Promise.all(
    ['one', 'two'].map(async box => {
      const view: Pick<HubView, 'state' | 'term'> = { state: box === 'one' ? 'hub' : 'spare', term: 0 };
      const server = await createHttpServer(silentLog);
      server.get('/api/hub', async () => ({ ...view, box, url: `http://${box}.test`, hub: null }));
      await server.listen({ host: '127.0.0.1', port: 0 });
      t.after(() => server.close());
      const { port } = server.server.address() as { port: number };
      return { view, url: `http://127.0.0.1:${port}` };
    }),
  );
  const [one, two] = boxes;
  assert.ok(one && two);
  const kept = new Map<string, string>();
  const book = {
    answer: (path: string) => kept.get(path),
    keepAnswer: (path: string, body: string) => void kept.set(path, body),
  };
  const start = (firstUrl = one.url) =>
    createBranchHub(
      {
        url: firstUrl,
        publicUrl: 'http://first.test',
        login: 'kiosk-1',
        password: 'proba',
        spareUrl: two.url,
      },
      book,
    );
  const nothing = () => undefined;
  const hub = start();
  await hub.requireHub();
  assert.equal(await hub.lookAround(nothing), false, 'a spare is not followed');

  Object.assign(two.view, { state: 'hub', term: 5 });
  // What must be told again is marked before the other box is known: a power cut between would lose it.
  const seen: string[] = [];
  assert.equal(await hub.lookAround(() => seen.push(hub.url())), true);
  assert.deepEqual([seen, hub.url(), hub.publicUrl()], [[one.url], two.url, 'http://two.test']);

  // The old hub is there again and knows of nothing.
  assert.equal(await start().lookAround(nothing), false);
  assert.equal(start().url(), two.url);
  await start().requireHub();

  Object.assign(one.view, { term: 6 });
  Object.assign(two.view, { state: 'replaced', term: 6 });
  await assert.rejects(hub.requireHub());
  assert.equal(await hub.lookAround(nothing), true);
  assert.equal(start().url(), one.url);
  assert.equal(start('http://127.0.0.1:9').url(), 'http://127.0.0.1:9', 'set up anew');
});
