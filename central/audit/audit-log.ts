import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../protocol/app-error.ts';
import { consistencyPath, inclusionPath, leafHash, nodeHash, rootHash } from '../../protocol/audit/merkle.ts';
import { type AuditCheckpoint, type AuditProof, signAuditCheckpoint } from '../../protocol/audit/proof.ts';
import { canonicalJson } from '../../protocol/canonical.ts';
import type { Seal } from '../../protocol/sealed-statement.ts';
import type { Queries, Storage, Transaction } from '../storage/storage.ts';
import { tableOf } from '../storage/table-columns.ts';
import type { CentreTables } from '../storage/tables.ts';

/** Something to be remembered for good; `source` is its name, and one name is remembered once. */
export interface AuditEntry {
  source: string;
  /** Number of the event of a case, so that the keeper knows how far it came. */
  event?: number;
  said: Record<string, string | number | null>;
}

/** The centre's log of what happened, append-only: a Merkle tree of RFC 6962 in the database. */
export interface AuditLog {
  /** Part of the transaction; entries whose source is there already are left out. Answers with how many were new. */
  append(transaction: Transaction, entries: readonly AuditEntry[]): Promise<number>;
  /** Signs the log as it is, when it grew since the last time. */
  sign(seal: Seal & { name: string }): Promise<AuditCheckpoint | undefined>;
  newest(): Promise<AuditCheckpoint | undefined>;
  /** The newest signature that an outside authority stamped. */
  newestStamped(): Promise<AuditCheckpoint | undefined>;
  keepStamp(size: number, stamp: Uint8Array): Promise<void>;
  /**
   * Proof of the entries from these sources, under a stamped signature when one covers them all, and that the log grew out of the one of `since` entries, for
   * anybody to check. Throws `audit.unknown-entry`, `audit.no-checkpoint`.
   */
  prove(sources: readonly string[], since?: number): Promise<AuditProof>;
}

export function openAuditLog(storage: Storage, clock: Clock): AuditLog {
  const lock = ['audit'];

  const sizeOf = async ({ query }: Queries) => {
    const newest = query.selectFrom('audit_leaves').select('position').orderBy('position', 'desc').limit(1);
    return ((await newest.executeTakeFirst())?.position ?? -1) + 1;
  };

  const nodesOf =
    ({ query }: Queries) =>
    async (level: number, at: number): Promise<Buffer> => {
      const row =
        level === 0
          ? await query
              .selectFrom('audit_leaves')
              .select('hash')
              .where('position', '=', at)
              .executeTakeFirst()
          : await query
              .selectFrom('audit_nodes')
              .select('hash')
              .where('level', '=', level)
              .where('at', '=', at)
              .executeTakeFirst();
      if (!row) throw new AppError('audit.damaged', { level, at });
      return Buffer.from(row.hash, 'hex');
    };

  async function append(transaction: Transaction, entries: readonly AuditEntry[]): Promise<number> {
    await transaction.lock(lock);
    const known = await knownSources(
      transaction,
      entries.map(({ source }) => source),
    );
    const fresh = entries.filter(({ source }) => !known.has(source) && known.add(source));
    if (fresh.length === 0) return 0;
    const size = await sizeOf(transaction);
    const node = nodesOf(transaction);
    const leaves = fresh.map(({ source, event = null, said }, index) => {
      const entry = canonicalJson({ source, ...said });
      const hash = leafHash(Buffer.from(entry)).toString('hex');
      return { position: size + index, source, event, entry, hash };
    });
    const nodes: { level: number; at: number; hash: string }[] = [];
    const held = new Map<string, Buffer>();
    const digest = async (level: number, at: number) => held.get(`${level} ${at}`) ?? (await node(level, at));
    for (const { position, hash } of leaves) {
      held.set(`0 ${position}`, Buffer.from(hash, 'hex'));
      // Each leaf that is a right child completes the subtree above it, and so on upwards.
      for (let [level, at] = [0, position]; at % 2 === 1; ) {
        const above = nodeHash(await digest(level, at - 1), await digest(level, at));
        [level, at] = [level + 1, (at - 1) / 2];
        held.set(`${level} ${at}`, above);
        nodes.push({ level, at, hash: above.toString('hex') });
      }
    }
    await transaction.insertNew(tableOf('audit_leaves'), leaves);
    await transaction.insertNew(tableOf('audit_nodes'), nodes);
    return leaves.length;
  }

  const checkpoints = () =>
    storage.query.selectFrom('audit_checkpoints').selectAll().orderBy('size', 'desc').limit(1);
  const newest = async () => toCheckpoint(await checkpoints().executeTakeFirst());
  const newestStamped = async () =>
    toCheckpoint(await checkpoints().where('stamp', 'is not', null).executeTakeFirst());

  return {
    append,
    sign: ({ name, ...seal }) =>
      storage.transaction(async transaction => {
        await transaction.lock(lock);
        const size = await sizeOf(transaction);
        const last = await transaction.query
          .selectFrom('audit_checkpoints')
          .select('size')
          .orderBy('size', 'desc')
          .limit(1)
          .executeTakeFirst();
        if (size === (last?.size ?? 0)) return undefined;
        const root = (await rootHash(size, nodesOf(transaction))).toString('hex');
        const at = clock.now().toISOString();
        const checkpoint = signAuditCheckpoint({ origin: name, size, root, at }, seal);
        await transaction.insertNew(tableOf('audit_checkpoints'), [checkpoint]);
        return checkpoint;
      }),
    newest,
    newestStamped,
    async keepStamp(size, stamp) {
      const told = Buffer.from(stamp).toString('base64');
      await storage.query
        .updateTable('audit_checkpoints')
        .set({ stamp: told })
        .where('size', '=', size)
        .execute();
    },
    async prove(sources, since) {
      const last = await newest();
      if (!last) throw new AppError('audit.no-checkpoint');
      const leaves = [];
      for (const source of sources) {
        const leaf = await storage.query
          .selectFrom('audit_leaves')
          .select(['position', 'entry'])
          .where('source', '=', source)
          .executeTakeFirst();
        // What came after the checkpoint is proved by the next one.
        if (!leaf || leaf.position >= last.size) throw new AppError('audit.unknown-entry', { source });
        leaves.push(leaf);
      }
      const stamped = await newestStamped();
      const needed = Math.max(since ?? 0, ...leaves.map(({ position }) => position + 1));
      const checkpoint = stamped && stamped.size >= needed ? stamped : last;
      const node = nodesOf(storage);
      const entries = [];
      for (const leaf of leaves)
        entries.push({ ...leaf, path: hex(await inclusionPath(leaf.position, checkpoint.size, node)) });
      const proof = { format: 'okno-audit-proof-1' as const, checkpoint, entries };
      if (since === undefined) return proof;
      const before = toCheckpoint(await checkpoints().where('size', '=', since).executeTakeFirst());
      if (!before) throw new AppError('audit.no-checkpoint');
      const path = since === checkpoint.size ? [] : await consistencyPath(since, checkpoint.size, node);
      return { ...proof, since: { checkpoint: before, path: hex(path) } };
    },
  };
}

/** Without a stamp the member is not there. */
function toCheckpoint(row: CentreTables['audit_checkpoints'] | undefined): AuditCheckpoint | undefined {
  if (!row) return undefined;
  const { stamp, ...checkpoint } = row;
  return stamp === null ? checkpoint : { ...checkpoint, stamp };
}

const hex = (path: Buffer[]) => path.map(each => each.toString('hex'));

async function knownSources({ query }: Queries, sources: readonly string[]): Promise<Set<string>> {
  if (sources.length === 0) return new Set();
  const rows = await query
    .selectFrom('audit_leaves')
    .select('source')
    .where('source', 'in', [...sources])
    .execute();
  return new Set(rows.map(({ source }) => source));
}
