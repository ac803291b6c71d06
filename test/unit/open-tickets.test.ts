import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { followOpenTickets } from '../../device/hall/open-tickets.ts';
import type { TicketRow } from '../../device/journal/projections/tickets.ts';
import { systemClock } from '../../platform/clock.ts';
import type { NewFact } from '../../protocol/facts.ts';
import { usualHallRules } from '../../protocol/hall-rules.ts';
import { openTestJournal, seededRandom } from '../fixtures/books.ts';

const seed = Number(process.env.OKNO_SEED ?? Date.now() % 1_000_000);
let dir: string;
before(() => {
  dir = mkdtempSync(join(tmpdir(), 'okno-open-tickets-'));
});
after(() => rmSync(dir, { recursive: true }));

const common = { window: '1', clerk: 'proba' };
let numbers = 0;

/** One thing that may happen to a ticket, or a new ticket. */
function happening(random: () => number, known: string[]): NewFact {
  const subject = known[Math.floor(random() * known.length)] ?? '';
  const kind = Math.floor(random() * (subject === '' ? 1 : 7));
  switch (kind) {
    case 1:
    case 2:
      return { type: 'ticket.waiting', subject, body: { by: 'printed' } };
    case 3:
      return { type: 'ticket.print-failed', subject, body: { code: 'printer.paper-out' } };
    case 4:
      return { type: 'ticket.called', subject, body: { ...common, call: 1 } };
    case 5:
      return { type: 'ticket.abandoned', subject, body: { reason: 'not-taken' } };
    default: {
      const id = randomUUID();
      known.push(id);
      const body = { number: `А${++numbers}`, serviceId: 's', day: '2026-11-22', requestId: randomUUID() };
      return { type: 'ticket.issued', subject: id, body };
    }
  }
}

test('what is kept in memory of open tickets is what the table says, also after writes that were undone', async t => {
  t.diagnostic(`OKNO_SEED=${seed}`);
  const random = seededRandom(seed);
  const { db, journal } = openTestJournal(join(dir, 'box.db'));
  const rules = { ...usualHallRules, normMinutes: 15 };
  const open = followOpenTickets({ db, journal, clock: systemClock, rules, categoryOf: () => null });
  const select = db.prepare('select * from tickets where state = ? order by issued_seq');
  const table = (state: string) => select.all(state).map(row => ({ ...row }));
  const kept = (rows: readonly TicketRow[]) =>
    rows.toSorted((a, b) => a.issued_seq - b.issued_seq).map(row => ({ ...row }));
  const known: string[] = [];
  for (let round = 0; round < 400; round++) {
    const facts = Array.from({ length: 1 + Math.floor(random() * 3) }, () => happening(random, known));
    const fails = random() < 0.1;
    const committed = journal.commit(facts, () => {
      if (fails) throw new Error('undone');
    });
    if (fails) await assert.rejects(committed, /undone/);
    else if (random() < 0.2) await committed;
    assert.deepEqual(
      open.waiting().map(({ row }) => ({ ...row })),
      table('waiting'),
    );
    assert.deepEqual(kept(open.issued()), table('issued'));
  }
  await journal.rebuild();
  assert.deepEqual(kept(open.waiting().map(({ row }) => row)), table('waiting'));
  await journal.close();
  db.close();
});
