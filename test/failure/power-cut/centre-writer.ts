import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openSqliteInThread } from '../../../central/ledger/threaded-sqlite.ts';
import { chainStart, hashFact } from '../../../protocol/chain.ts';
import type { Fact } from '../../../protocol/facts.ts';
import { encodeMessage } from '../../../protocol/messages.ts';
import { plainFact } from '../../fixtures/books.ts';

/**
 * `centre-writer FILE`: twelve boxes that send facts to one centre without a pause, more of them at once
 * than it takes in at a time; prints the box, epoch and number of each receipt the moment it is there.
 */
const [path = ''] = process.argv.slice(2);
const { intake } = await openSqliteInThread({ path, sealAnchors: [], logLevel: 'error' });

async function box(name: string): Promise<never> {
  const epoch = randomUUID();
  let [seq, prevHash] = [0, chainStart];
  for (;;) {
    const facts: Fact[] = [];
    while (facts.length < 5) {
      const at = new Date().toISOString();
      const fact: Fact = {
        ...plainFact(),
        ...{ epoch, seq: ++seq, id: randomUUID(), at, clock: 'trusted', prevHash },
      };
      prevHash = hashFact(fact);
      facts.push(fact);
    }
    for (const { receipt } of await intake([{ box: name, payload: encodeMessage({ v: 1, epoch, facts }) }]))
      writeSync(1, `${name} ${epoch} ${receipt.stored}\n`);
  }
}
await Promise.all(Array.from({ length: 12 }, (_, number) => box(`mfc-${number}`)));
