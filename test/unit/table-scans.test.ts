import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { createAppointmentDesk } from '../../device/appointments/appointment-desk.ts';
import { createCaseStore } from '../../device/cases/case-store.ts';
import { createIncomingDesk } from '../../device/cases/incoming-desk.ts';
import { createHall } from '../../device/hall/hall.ts';
import { createHub } from '../../device/hub/hub.ts';
import { createCaseStatus } from '../../device/screens/case-status.ts';
import { openTestJournal, silentLog } from '../fixtures/books.ts';
import { openQuickHall } from '../fixtures/quick-hall.ts';

/** Tables that get longer for as long as a box works. */
const growing = /^SCAN (facts|tickets|documents|pages|cases|incoming|ratings|told_waits|appointments)\b/;
/** Indexes that hold only what is not over. */
const short =
  /USING (COVERING )?INDEX (tickets_open|tickets_at_window|tickets_aside|documents_recognising|incoming_waiting_page)/;
/** Statements that are made at a start only, once. */
const atStart = [/order by t\.issued_seq desc limit 5000/, /recognition_sha256 is not null/];
/** Reads from the newest until it has enough. */
const newestFirst = /order by (cases\.)?rowid desc limit \?$/;

test('nothing that is asked while people wait reads a whole table that grows with the years', async t => {
  const { db, journal, state } = openTestJournal();
  const quick = openQuickHall();
  t.after(async () => {
    await quick.close();
    await journal.close();
    db.close();
  });
  const statements: string[] = [];
  const heard = new Proxy(db, {
    get(target, name) {
      if (name === 'prepare')
        return (sql: string) => {
          statements.push(sql);
          return target.prepare(sql);
        };
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  }) as DatabaseSync;
  const { config, register, clock } = quick;
  const parts = { db: heard, journal, clock, config, register, log: silentLog };
  const printer = {
    print: () => Promise.reject(new Error('none')),
    status: () => Promise.reject(new Error('none')),
    close: async () => {},
  };
  const hall = createHall({ ...parts, printer, publicUrl: () => '' });
  hall.waitNow();
  hall.live();
  createCaseStore(heard);
  createCaseStatus(parts);
  createIncomingDesk({ ...parts, blobs: undefined as never, keepDir: '', onChange: () => {} });
  createAppointmentDesk({
    ...parts,
    issue: () => Promise.reject(new Error('none')),
    ticketNumber: () => null,
    paper: undefined as never,
  });
  createHub({
    ...parts,
    boxState: state,
    copy: undefined,
    seal: undefined as never,
    anchors: [],
    publicUrl: () => '',
  });

  const selects = statements.filter(
    sql => /^\s*select/i.test(sql) && ![...atStart, newestFirst].some(known => known.test(sql)),
  );
  assert.ok(selects.length > 60, `only ${selects.length} were looked at`);
  const slow = selects.flatMap(sql => {
    const plan = db.prepare(`explain query plan ${sql}`).all() as { detail: string }[];
    const whole = plan
      .map(({ detail }) => detail)
      .filter(detail => growing.test(detail) && !short.test(detail));
    return whole.map(detail => `${detail}: ${sql.replaceAll(/\s+/g, ' ').trim()}`);
  });
  assert.deepEqual(slow, []);
});
