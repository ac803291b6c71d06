import { openJournal } from '../../../device/journal/journal.ts';
import { systemClock as clock } from '../../../platform/clock.ts';
import { openDatabase } from '../../../platform/sqlite.ts';
import type { NewFact } from '../../../protocol/facts.ts';
import { dayFacts } from '../setting/day-facts.ts';
import { tell } from './conversation.ts';

/** `backlog FILE FACTS`: a box's database after days without a centre. */
const [path = '', count = '0'] = process.argv.slice(2);
const db = openDatabase(path);
const journal = openJournal({ db, clock, clockQuality: () => 'trusted' });
const facts = dayFacts();
for (let left = Number(count); left > 0; left -= 1000) {
  const batch: NewFact[] = [];
  while (batch.length < Math.min(left, 1000)) batch.push(facts.next().value);
  await journal.commit(batch);
}
await journal.close();
db.exec('pragma wal_checkpoint(truncate)');
db.close();
tell({ facts: Number(count) });
