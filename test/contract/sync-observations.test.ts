import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewObservation } from '../../protocol/observations.ts';
import { plainFact } from '../fixtures/books.ts';
import { type Centre, folder, layLine, startBox, startCentre, synced, until } from './sync-setting.ts';

const line = (message: string): NewObservation => ({
  class: 'logs',
  type: 'log.line',
  body: { level: 'warn', message, code: null, times: 1 },
});
const sample = (freeBytes: number, dropped = 0): NewObservation => ({
  class: 'telemetry',
  type: 'box.sample',
  body: {
    ...{ clock: 'trusted', freeBytes, intake: null, peripherals: [], link: null },
    outbox: [{ class: 'logs', rows: 1, bytes: 100, oldestAt: null, dropped, refused: 0 }],
  },
});

const stored = async (centre: Centre, kind: 'telemetry' | 'logs') => {
  const rows = centre.storage.query.selectFrom('observations').where('class', '=', kind);
  return (await rows.selectAll().orderBy('received_at').orderBy('seq').execute()).map(row => ({
    ...row,
    body: JSON.parse(row.body),
  }));
};
const messages = async (centre: Centre) => (await stored(centre, 'logs')).map(({ body }) => body.message);

test('F15 telemetry and logs arrive once and in order across cuts, and leave the box', async t => {
  const centre = await startCentre(t, await folder(t));
  const line_ = await layLine(t, centre);
  const box = await startBox(t, await folder(t), line_);
  box.link.start();
  const said: string[] = [];
  for (let round = 0; round < 6; round++) {
    for (let n = 0; n < 100; n++) {
      said.push(`${round} ${n}`);
      box.observations.add(line(said.at(-1) ?? ''));
    }
    box.observations.add(sample(round));
    await box.observations.keep();
    line_.messages.cutAfter(3_000);
  }
  await until('all logs', async () => (await messages(centre)).length === said.length);
  assert.deepEqual(await messages(centre), said);
  assert.deepEqual(
    (await stored(centre, 'telemetry')).map(({ body }) => body.freeBytes),
    [0, 1, 2, 3, 4, 5],
  );
  await until(
    'forgotten',
    () => box.observations.held('logs').rows + box.observations.held('telemetry').rows === 0,
  );
});

test('how many observations were dropped arrives at the centre, with the newest sample', async t => {
  const centre = await startCentre(t, await folder(t));
  const box = await startBox(t, await folder(t), await layLine(t, centre));
  for (let n = 0; n < 500; n++) box.observations.add(line(`${n}`));
  box.observations.add(sample(42, 300));
  await box.observations.keep();
  const { rows, dropped } = box.observations.held('logs');
  assert.ok(dropped > 0 && rows + dropped === 500, `${rows} + ${dropped}`);
  box.link.start();
  await until('the rest', async () => (await messages(centre)).length === rows);
  const marks = await centre.storage.query.selectFrom('observation_marks').selectAll().execute();
  assert.equal(marks.find(mark => mark.class === 'logs')?.dropped, dropped);
  const told = await centre.storage.query.selectFrom('boxes').select('sample').executeTakeFirstOrThrow();
  assert.equal(JSON.parse(told.sample ?? '').freeBytes, 42);
});

test('facts go before telemetry, and telemetry before logs', async t => {
  const centre = await startCentre(t, await folder(t));
  const box = await startBox(t, await folder(t), await layLine(t, centre));
  await box.journal.commit(Array.from({ length: 3000 }, (_, n) => plainFact(n)));
  const order: string[] = [];
  const { accept } = centre.ledger;
  centre.ledger.accept = async deliveries => {
    order.push('facts');
    return await accept(deliveries);
  };
  const { accept: store } = centre.observations;
  centre.observations.accept = async (name, envelope) => {
    order.push(envelope.class);
    return await store(name, envelope);
  };
  for (let n = 0; n < 100; n++) box.observations.add(line(`${n}`));
  box.observations.add(sample(1));
  await box.observations.keep();
  box.link.start();
  await until('all logs', async () => (await messages(centre)).length === 100);
  assert.equal(box.journal.unsentCount(), 0);
  assert.deepEqual(order.filter((kind, n) => kind !== order[n - 1]), ['facts', 'telemetry', 'logs']); // biome-ignore format: one line
});

test('F21 observations that a restored box still holds go to the centre under its new epoch', async t => {
  const centre = await startCentre(t, await folder(t));
  const box = await startBox(t, await folder(t), await layLine(t, centre));
  box.link.start();
  box.observations.add(line('before'));
  await box.observations.keep();
  await until('stored', async () => (await messages(centre)).length === 1);
  await box.journal.beginEpoch('restored-from-copy');
  await box.stop();
  const again = await startBox(t, await folder(t), await layLine(t, centre));
  again.observations.add(line('after'));
  await again.observations.keep();
  again.link.start();
  await synced(again);
  await until('stored too', async () => (await messages(centre)).length === 2);
  assert.deepEqual((await messages(centre)).sort(), ['after', 'before']);
});
