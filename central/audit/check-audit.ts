import { leafHash, nodeHash, rootHash } from '../../protocol/audit/merkle.ts';
import { canonicalJson } from '../../protocol/canonical.ts';
import { hashFact } from '../../protocol/chain.ts';
import { toFact } from '../ledger/fact-rows.ts';
import type { Storage } from '../storage/storage.ts';
import type { FactRow } from '../storage/tables.ts';
import { looksBack } from './audit-keeper.ts';

/**
 * `books-differ`: what an entry says was changed or taken out of the books since; `tree-differs`: in the log
 * itself; `not-in-log`: an event, `position` being its number, was put among older ones of the books later.
 */
export interface AuditFlaw {
  position: number;
  what: 'books-differ' | 'tree-differs' | 'not-in-log';
}

const atOnce = 1000;

/** Reads every entry again, and the books that it came from, and computes the tree anew. */
export async function checkAudit(storage: Storage): Promise<{ entries: number; flaws: AuditFlaw[] }> {
  const { query } = storage;
  const flaws: AuditFlaw[] = [];
  const leaves: Buffer[] = [];
  for (;;) {
    const rows = await query
      .selectFrom('audit_leaves')
      .selectAll()
      .where('position', '>=', leaves.length)
      .orderBy('position')
      .limit(atOnce)
      .execute();
    if (rows.length === 0) break;
    for (const { position, entry, hash } of rows) {
      const leaf = leafHash(Buffer.from(entry));
      if (position !== leaves.length || leaf.toString('hex') !== hash)
        flaws.push({ position, what: 'tree-differs' });
      leaves.push(leaf);
      if (!(await isInBooks(storage, JSON.parse(entry) as Said)))
        flaws.push({ position, what: 'books-differ' });
    }
  }
  const checkpoints = await query.selectFrom('audit_checkpoints').select(['size', 'root']).execute();
  const above = new Map<string, Promise<Buffer>>();
  const node = (level: number, at: number): Promise<Buffer> => {
    if (level === 0) return Promise.resolve(leaves[at] ?? Buffer.alloc(0));
    const key = `${level} ${at}`;
    const known = above.get(key) ?? combine(level, at);
    above.set(key, known);
    return known;
  };
  const combine = async (level: number, at: number) =>
    nodeHash(await node(level - 1, at * 2), await node(level - 1, at * 2 + 1));
  for (const { size, root } of checkpoints)
    if (size > leaves.length || (await rootHash(size, node)).toString('hex') !== root)
      flaws.push({ position: size - 1, what: 'tree-differs' });
  for (const number of await unknownEvents(storage)) flaws.push({ position: number, what: 'not-in-log' });
  return { entries: leaves.length, flaws };
}

/** The keeper has passed by where they stand. */
async function unknownEvents({ query }: Storage): Promise<number[]> {
  const last = await query
    .selectFrom('audit_leaves')
    .select(({ fn }) => fn.max('event').as('event'))
    .executeTakeFirst();
  const rows = await query
    .selectFrom('case_events')
    .leftJoin('audit_leaves', 'audit_leaves.event', 'case_events.number')
    .select('case_events.number')
    .where('audit_leaves.position', 'is', null)
    .where('case_events.number', '<=', (last?.event ?? 0) - looksBack)
    .execute();
  return rows.map(({ number }) => number);
}

interface Said {
  source: string;
  caseId?: string;
  box?: string;
  epoch?: string;
  upTo?: number;
  head?: string;
}

async function isInBooks(storage: Storage, said: Said): Promise<boolean> {
  const [kind, number] = said.source.split(':');
  if (kind === 'event') {
    const row = await storage.query
      .selectFrom('case_events')
      .selectAll()
      .where('number', '=', Number(number))
      .executeTakeFirst();
    if (!row) return false;
    const { case_id: caseId, at, event, by_whom: by, note, content } = row;
    return (
      canonicalJson({ source: said.source, caseId, at, event, by, note, content }) === canonicalJson(said)
    );
  }
  const row = await storage.query
    .selectFrom('facts')
    .selectAll()
    .where('box', '=', said.box ?? '')
    .where('epoch', '=', said.epoch ?? '')
    .where('seq', '=', said.upTo ?? 0)
    .executeTakeFirst();
  return row !== undefined && hashFact(toFact(row as FactRow)) === said.head;
}
