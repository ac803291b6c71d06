import type { AuditProof } from '../../protocol/audit/proof.ts';
import type { Storage } from '../storage/storage.ts';
import { eventSource, headsOf } from './audit-keeper.ts';
import type { AuditLog } from './audit-log.ts';

export interface ProofWish {
  /** Numbers of cases: everything that happened to them at the centre and in the agency. */
  cases?: readonly string[];
  /** Boxes: the newest signed head of each of their journals, whose chain ties all facts before it. */
  boxes?: readonly string[];
  /** Size of an earlier signed log that this one must have grown out of. */
  since?: number;
}

/** Throws `audit.unknown-entry`, `audit.no-checkpoint`. */
export async function proveFrom(storage: Storage, audit: AuditLog, wish: ProofWish): Promise<AuditProof> {
  const { cases = [], boxes = [], since } = wish;
  const signed = (await audit.newest())?.size ?? 0;
  const events = await storage.query
    .selectFrom('case_events')
    .innerJoin('cases', 'cases.id', 'case_events.case_id')
    .select('case_events.number')
    .where('cases.number', 'in', cases.length > 0 ? [...cases] : [''])
    .orderBy('case_events.number')
    .execute();
  const sources = events.map(({ number }) => eventSource(number));
  for (const box of boxes) {
    const leaves = await storage.query
      .selectFrom('audit_leaves')
      .select('source')
      .where('source', 'like', `${headsOf(box)}%`)
      .where('position', '<', signed)
      .orderBy('position')
      .execute();
    const newest = new Map(leaves.map(({ source }) => [source.slice(0, source.lastIndexOf(':')), source]));
    sources.push(...newest.values());
  }
  return await audit.prove(sources, since);
}
