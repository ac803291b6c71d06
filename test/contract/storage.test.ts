import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { openPostgresStorage } from '../../central/storage/postgres.ts';
import { tableOf } from '../../central/storage/table-columns.ts';
import type { Fact } from '../../protocol/facts.ts';
import {
  blobOf,
  factNaming,
  openBooks,
  openTestJournal,
  plainFact,
  seededRandom,
  silentLog,
} from '../fixtures/books.ts';
import { eachDatabase } from '../fixtures/databases.ts';
import { type PostgresServer, startPostgres, withoutPostgres } from '../fixtures/postgres-server.ts';
import { until } from './sync-setting.ts';

eachDatabase(openTestCentre => {
  test('a transaction is all or nothing, and what follows a commit happens only after one', async () => {
    const { storage, troubles } = await openTestCentre();
    const told: string[] = [];
    await storage.transaction(async transaction => {
      await troubles.raise('sync.fact-refused', 'kept', {}, transaction);
      transaction.afterCommit(() => told.push('kept'));
    });
    const broken = storage.transaction(async transaction => {
      await troubles.raise('sync.fact-refused', 'lost', {}, transaction);
      transaction.afterCommit(() => told.push('lost'));
      throw new Error('power cut');
    });
    await assert.rejects(broken, /power cut/);
    assert.deepEqual([told, (await troubles.newest(9)).map(({ subject }) => subject)], [['kept'], ['kept']]);
  });

  test('a statement of another connection inside a transaction is refused instead of waiting for ever', async () => {
    const { storage, ledger } = await openTestCentre();
    await assert.rejects(
      storage.transaction(() => ledger.hasContent('0'.repeat(64))),
      /inside a transaction/,
    );
    assert.equal(await ledger.hasContent('0'.repeat(64)), false);
  });

  test('transactions that run at once do not see each other’s halves', async () => {
    const { storage, tell, downLogs } = await openTestCentre();
    const status = {
      caseId: randomUUID(),
      status: 'x',
      by: 'agency',
      saidAt: new Date().toISOString(),
    } as const;
    await Promise.all(Array.from({ length: 20 }, () => tell('a', { type: 'case.status', body: status })));
    const numbers = (await downLogs.entries('a', 0, 100)).map(({ seq }) => seq);
    assert.deepEqual(
      numbers,
      Array.from({ length: 20 }, (_, n) => n + 1),
    );
    await storage.transaction(async () => {});
  });

  test('a name is claimed by one at a time', async () => {
    const { storage } = await openTestCentre();
    const claim = await storage.claim('line');
    assert.ok(claim);
    assert.equal(await storage.claim('line'), undefined);
    await claim.release();
    const again = await storage.claim('line');
    assert.ok(again);
    await again.release();
  });

  test('numbers beyond 32 bits, quotes and letters of all sorts come back as they went in', async () => {
    const { ledger } = await openTestCentre();
    const { journal } = openTestJournal();
    await journal.commit([plainFact()]);
    const [fact] = journal.read(0, 1) as [Fact];
    const seq = Number.MAX_SAFE_INTEGER;
    const odd = {
      ...fact,
      seq,
      subject: `Ёё 'quote" \\u0000 \u{1f600}`,
      type: 'later.type',
      body: { a: 'ü' },
    };
    await ledger.accept([{ box: 'a', envelope: { v: 1, epoch: journal.epoch, facts: [odd] } }]);
    assert.deepEqual(await ledger.facts('a', journal.epoch), [odd]);
    assert.deepEqual((await ledger.receipt('a', journal.epoch)).missing, [[1, seq - 1]]);
  });

  test('rows that are there are written, each by its whole key, and what is not there stays away', async () => {
    const { storage } = await openTestCentre();
    const [own, others] = [randomUUID(), randomUUID()];
    const day = '2026-11-22';
    await storage.insertNew(tableOf('tickets'), [
      { id: own, box: 'mfc-041', day, state: 'issued' },
      { id: others, box: 'mfc-042', day, state: 'issued' },
    ]);
    const turn = { table: 'tickets', key: { id: 'text', box: 'text' }, written: { state: 'text' } } as const;
    const said = [own, others, randomUUID()].map(id => ({ id, box: 'mfc-041', state: 'done' }));
    await storage.updateRows(turn, said);
    await storage.updateRows(turn, []);
    const rows = await storage.query.selectFrom('tickets').select(['id', 'state']).orderBy('box').execute();
    assert.deepEqual(
      rows.map(({ id, state }) => [id, state]),
      [
        [own, 'done'],
        [others, 'issued'],
      ],
    );
  });

  test('F22 text that PostgreSQL cannot keep is buried like any poison', async () => {
    const { ledger } = await openTestCentre();
    const { journal } = openTestJournal();
    await journal.commit([plainFact(), plainFact(), plainFact()]);
    const facts = journal.read(0, 3);
    const spoilt = facts.map((fact, n) => ({
      ...fact,
      subject: ['zero \0', 'half \ud800', 'whole'][n] ?? '',
    }));
    await ledger.accept([{ box: 'a', envelope: { v: 1, epoch: journal.epoch, facts: spoilt } }]);
    const { upTo, refused } = await ledger.receipt('a', journal.epoch);
    assert.deepEqual([upTo, refused], [3, [1, 2]]);
  });
});

describe('several centres at one PostgreSQL', { skip: withoutPostgres }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.stop());

  async function twoCentres() {
    const url = await server.database();
    // At once: both find an empty database and want to make the tables.
    const storages = await Promise.all([
      openPostgresStorage(url, silentLog),
      openPostgresStorage(url, silentLog),
    ]);
    return storages.map(storage => openBooks(storage));
  }
  const close = (centres: ReturnType<typeof openBooks>[]) =>
    Promise.all(centres.map(({ storage }) => storage.close()));

  test('F19 envelopes and contents of the same boxes through both at once end in the same ledger', async () => {
    const centres = await twoCentres();
    const random = seededRandom(20_261_122);
    const boxes = await Promise.all(
      ['mfc-041', 'mfc-042', 'mfc-043'].map(async box => {
        const { journal } = openTestJournal();
        const contents = Array.from({ length: 6 }, (_, n) => blobOf(Buffer.from(`${box} ${n}`)));
        for (const content of contents)
          await journal.commit([factNaming(content), ...Array.from({ length: 20 }, (_, n) => plainFact(n))]);
        return { box, journal, contents };
      }),
    );
    const work = boxes.flatMap(({ box, journal, contents }) => [
      ...Array.from({ length: 40 }, () => {
        const facts = journal.read(Math.floor(random() * journal.head()), 25);
        return (centre: ReturnType<typeof openBooks>) =>
          centre.ledger.accept([{ box, envelope: { v: 1, epoch: journal.epoch, facts } }]);
      }),
      ...[0, 60, 120].map(
        after => (centre: ReturnType<typeof openBooks>) =>
          centre.ledger.accept([
            { box, envelope: { v: 1, epoch: journal.epoch, facts: journal.read(after, 66) } },
          ]),
      ),
      ...contents.map(
        content => (centre: ReturnType<typeof openBooks>) => centre.ledger.contentArrived(content),
      ),
    ]);
    const shuffled = work.map(each => ({ each, at: random() })).sort((one, other) => one.at - other.at);
    await Promise.all(shuffled.map(({ each }, n) => each(centres[n % 2] as ReturnType<typeof openBooks>)));
    for (const { box, journal } of boxes)
      for (const { ledger, troubles } of centres) {
        assert.equal((await ledger.receipt(box, journal.epoch)).upTo, journal.head());
        assert.deepEqual(await ledger.facts(box, journal.epoch), journal.read(0, 1000));
        assert.deepEqual(await troubles.newest(1), []);
      }
    await close(centres);
  });

  test('what one claimed the other does not get, until it lets go or is gone', async () => {
    const [one, other] = (await twoCentres()) as [ReturnType<typeof openBooks>, ReturnType<typeof openBooks>];
    assert.ok(await one.storage.claim('line'));
    assert.equal(await other.storage.claim('line'), undefined);
    await one.storage.close();
    for (let tries = 0; !(await other.storage.claim('line')); tries++) assert.ok(tries < 1000);
    await other.storage.close();
  });

  test('a database that does not know us is told as a matter of configuration', async () => {
    const [noDatabase, nobody] = [new URL(await server.database()), new URL(await server.database())];
    noDatabase.pathname = '/nowhere';
    nobody.username = 'nobody';
    for (const { href } of [noDatabase, nobody])
      await assert.rejects(openPostgresStorage(href, silentLog), { code: 'setup.bad-configuration' });
  });

  test('what one centre announces another one hears, also after the database was away', async () => {
    const [one, other] = (await twoCentres()) as [ReturnType<typeof openBooks>, ReturnType<typeof openBooks>];
    const heard = [0, 0];
    for (const [index, { storage }] of [one, other].entries())
      storage.onAnnounced(() => {
        heard[index] = (heard[index] ?? 0) + 1;
      });
    const isHeardByOther = async (what: string) => {
      const before = heard[1] ?? 0;
      await until(what, () => {
        one.storage.announce();
        return (heard[1] ?? 0) > before + 1;
      });
    };
    await isHeardByOther('news');
    await server.kill();
    await server.start();
    await isHeardByOther('news after the restart');
    // Its own word, and twice that it may have missed some.
    assert.ok((heard[0] ?? 0) <= 2, String(heard[0]));
    await close([one, other]);
  });

  test('a database that went away is told as such, and is used again when it is back', async () => {
    const [one, other] = (await twoCentres()) as [ReturnType<typeof openBooks>, ReturnType<typeof openBooks>];
    await other.storage.close();
    const content = blobOf(Buffer.from('kept'));
    await one.ledger.contentArrived(content);
    await server.kill();
    await assert.rejects(one.ledger.hasContent(content.sha256), { code: 'internal.database-away' });
    await assert.rejects(one.storage.claim('line'), { code: 'internal.database-away' });
    await server.start();
    assert.equal(await one.ledger.hasContent(content.sha256), true);
    assert.ok(await one.storage.claim('line'));
    await one.storage.close();
  });
});
