import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { transaction } from '../../platform/sqlite.ts';
import { canonicalJson } from '../../protocol/canonical.ts';
import { chainStart, hashFact } from '../../protocol/chain.ts';
import { whyCheckpointFails } from '../../protocol/checkpoint.ts';
import {
  contentOf,
  type Fact,
  type FactBody,
  isFact,
  judgeFact,
  type KnownFact,
} from '../../protocol/facts.ts';
import { limits } from '../../protocol/limits.ts';
import { type Envelope, protocolVersion, type Receipt } from '../../protocol/messages.ts';
import type { Blob } from '../../protocol/values.ts';
import { prepareProjections } from './projections.ts';
import type { Troubles } from './troubles.ts';

export interface Delivery {
  box: string;
  envelope: Envelope;
}

export interface Ledger {
  /** Stores several envelopes in one transaction. When it returns they survive a power cut. */
  accept(deliveries: readonly Delivery[]): void;
  /** Where the centre stands with a journal; a journal that was never seen stands at 0. */
  receipt(box: string, epoch: string): Receipt;
  /** Content is whole in the blob store: facts that waited for it may be receipted. Returns the journals that moved. */
  contentArrived(blob: Blob): { box: string; epoch: string }[];
  hasContent(sha256: string): boolean;
  journals(box: string): { epoch: string; upTo: number; stored: number }[];
  facts(box: string, epoch: string): Fact[];
}

interface Stream {
  stored: number;
  up_to: number;
  last_hash: string;
}

/** Idempotent inbox of facts with watermarks (DESIGN section 4: commit, then receipt). */
export function openLedger(parts: {
  db: DatabaseSync;
  clock: Clock;
  log: Log;
  troubles: Troubles;
  /** Authorities of the boxes' seals, DER: they sign the checkpoints of the journals. */
  sealAnchors?: readonly Uint8Array[];
}): Ledger {
  const { db, clock, log, troubles, sealAnchors = [] } = parts;
  const project = prepareProjections(db);
  const insert =
    db.prepare(`insert into facts (box, epoch, seq, id, type, at, clock, subject, body, prev_hash, received_at, more)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`);
  const insertDead = db.prepare(`insert into dead_letters (box, epoch, seq, raw, reason, received_at)
    values (?, ?, ?, ?, ?, ?) on conflict do nothing`);
  const select = db.prepare('select * from facts where box = ? and epoch = ? and seq = ?');
  const selectAll = db.prepare('select * from facts where box = ? and epoch = ? order by seq');
  const selectDead = db.prepare('select 1 from dead_letters where box = ? and epoch = ? and seq = ?');
  const deadNumbers = db.prepare(`select seq from (
    select seq from dead_letters where box = ? and epoch = ? order by seq desc limit ${limits.refusedPerReceipt}
  ) order by seq`);
  const stream = db.prepare('select stored, up_to, last_hash from streams where box = ? and epoch = ?');
  const begin = db.prepare(
    'insert into streams (box, epoch, begun_at, last_hash) values (?, ?, ?, ?) on conflict do nothing',
  );
  const move = db.prepare(
    'update streams set stored = ?, up_to = ?, last_hash = ? where box = ? and epoch = ?',
  );
  const streams = db.prepare(
    'select epoch, up_to, stored from streams where box = ? order by begun_at, rowid',
  );
  const numbersAfter = db.prepare(`select seq from facts where box = ? and epoch = ? and seq > ?
    union select seq from dead_letters where box = ? and epoch = ? and seq > ? order by 1`);
  const content = db.prepare('select 1 from contents where sha256 = ?');
  const insertContent = db.prepare(
    'insert into contents (sha256, size_bytes, media_type, at) values (?, ?, ?, ?) on conflict do nothing',
  );

  const insertAwaited = db.prepare('insert into awaited (sha256, box, epoch, seq) values (?, ?, ?, ?)');
  const firstAwaited = db.prepare('select min(seq) as seq from awaited where box = ? and epoch = ?');
  const awaited = db.prepare(
    'select distinct sha256 from awaited where box = ? and epoch = ? and seq <= ? order by seq limit ?',
  );
  const fulfil = db.prepare('delete from awaited where sha256 = ? returning box, epoch');

  const hasContent = (sha256: string) => content.get(sha256) !== undefined;
  const isDead = (box: string, epoch: string, seq: number) => selectDead.get(box, epoch, seq) !== undefined;
  const find = (box: string, epoch: string, seq: number) => {
    const row = select.get(box, epoch, seq);
    return row ? toFact(row as unknown as FactRow) : undefined;
  };

  function store({ box, envelope }: Delivery): void {
    const now = clock.now().toISOString();
    begin.run(box, envelope.epoch, now, chainStart);
    for (const fact of envelope.facts) {
      if (!isFact(fact) || fact.epoch !== envelope.epoch || judgeFact(fact) === 'malformed')
        bury(box, envelope.epoch, fact, 'malformed', now);
      else if (keep(box, fact, now))
        for (const { sha256 } of contentOf(fact)) {
          if (!hasContent(sha256)) insertAwaited.run(sha256, box, fact.epoch, fact.seq);
        }
      else if (hashFact(find(box, fact.epoch, fact.seq) as Fact) !== hashFact(fact))
        bury(box, envelope.epoch, fact, 'forked', now);
    }
    advance(box, envelope.epoch);
  }

  /** False when a fact with this number is here already. */
  function keep(box: string, fact: Fact, now: string): boolean {
    const { epoch, seq, id, type, at, clock: quality, subject, body, prevHash, ...more } = fact;
    const unknown = Object.keys(more).length > 0 ? canonicalJson(more) : null;
    const { changes } = insert.run(
      ...[box, epoch, seq, id, type, at, quality, subject, canonicalJson(body), prevHash, now, unknown],
    );
    return changes > 0;
  }

  /** Keeps what cannot be stored as a fact, and tells. A second fact of one number comes from a copied box. */
  function bury(
    box: string,
    epoch: string,
    fact: { seq: number },
    reason: 'malformed' | 'forked',
    now: string,
  ) {
    const { changes } = insertDead.run(box, epoch, fact.seq, canonicalJson(fact), reason, now);
    if (changes === 0) return;
    troubles.raise(reason === 'forked' ? 'sync.journal-forked' : 'sync.fact-refused', box, { seq: fact.seq });
  }

  /** Moves both watermarks as far as they go and projects the facts passed on the way. */
  function advance(box: string, epoch: string): boolean {
    const before = stream.get(box, epoch) as unknown as Stream;
    let { stored, last_hash: lastHash } = before;
    for (;;) {
      const fact = find(box, epoch, stored + 1);
      if (fact) {
        // A buried fact in between leaves nothing to compare with; the chain is checked again behind it.
        if (lastHash !== '' && fact.prevHash !== lastHash) {
          troubles.raise('journal.chain-broken', box, { seq: fact.seq });
          log.error({ box, epoch, seq: fact.seq }, 'hash chain of a box does not hold');
        }
        lastHash = hashFact(fact);
        if (judgeFact(fact) === 'known') {
          project(box, fact as KnownFact);
          if (fact.type === 'journal.checkpoint') judgeCheckpoint(box, fact);
          if (fact.type === 'journal.epoch-begun') tellEpoch(box, fact);
        }
      } else if (isDead(box, epoch, stored + 1)) lastHash = '';
      else break;
      stored++;
    }
    const { seq: waitsFor } = firstAwaited.get(box, epoch) as { seq: number | null };
    const upTo = Math.min(stored, (waitsFor ?? Number.POSITIVE_INFINITY) - 1);
    move.run(stored, upTo, lastHash, box, epoch);
    return upTo !== before.up_to;
  }

  /** The facts stay whatever it says: what was received is evidence either way. */
  function judgeCheckpoint(box: string, { epoch, seq, body }: Fact): void {
    const checkpoint = body as FactBody<'journal.checkpoint'>;
    const upTo = checkpoint.upTo < seq ? find(box, epoch, checkpoint.upTo) : undefined;
    // One that was refused leaves nothing to compare with, and its trouble is told already.
    if (!upTo && isDead(box, epoch, checkpoint.upTo)) return;
    const head = upTo ? hashFact(upTo) : '';
    const reason = whyCheckpointFails(
      checkpoint,
      { box, epoch, upTo: checkpoint.upTo, head },
      { anchors: sealAnchors, at: clock.now() },
    );
    if (reason) troubles.raise('journal.checkpoint-invalid', box, { seq, reason });
  }

  /** What neither side has of the journal before. */
  function tellEpoch(box: string, { body }: Fact): void {
    const { reason, previous } = body as FactBody<'journal.epoch-begun'>;
    const ended = previous && (stream.get(box, previous.epoch) as unknown as Stream | undefined);
    const stored = ended?.stored ?? 0;
    const missing = (previous?.lost ?? [])
      .filter(([, to]) => to > stored)
      .map(([from, to]) => `${Math.max(from, stored + 1)}–${to}`);
    troubles.raise('journal.epoch-begun', box, {
      reason,
      epoch: previous?.epoch ?? null,
      missing: missing.join(', ') || '0',
    });
  }

  function holes(box: string, epoch: string, stored: number): [number, number][] {
    const result: [number, number][] = [];
    let next = stored + 1;
    for (const { seq } of numbersAfter.all(box, epoch, stored, box, epoch, stored) as { seq: number }[]) {
      if (seq > next) result.push([next, seq - 1]);
      next = seq + 1;
    }
    return result;
  }

  return {
    accept(deliveries) {
      transaction(db, () => deliveries.forEach(store));
    },
    receipt(box, epoch) {
      const {
        stored,
        up_to: upTo,
        last_hash: head,
      } = (stream.get(box, epoch) as unknown as Stream | undefined) ?? {
        stored: 0,
        up_to: 0,
        last_hash: '',
      };
      return {
        v: protocolVersion,
        epoch,
        upTo,
        stored,
        // Behind a refused fact there is no digest to compare.
        ...(stored > 0 && head !== '' && { head }),
        missing: holes(box, epoch, stored),
        refused: (deadNumbers.all(box, epoch) as { seq: number }[]).map(row => row.seq),
        wanted: (awaited.all(box, epoch, stored, limits.factsPerEnvelope) as { sha256: string }[]).map(
          row => row.sha256,
        ),
      };
    },
    contentArrived(blob) {
      return transaction(db, () => {
        insertContent.run(blob.sha256, blob.sizeBytes, blob.mediaType, clock.now().toISOString());
        const waited = fulfil.all(blob.sha256) as { box: string; epoch: string }[];
        const moved = new Map(waited.map(row => [`${row.box} ${row.epoch}`, row]));
        return [...moved.values()].filter(({ box, epoch }) => advance(box, epoch));
      });
    },
    hasContent,
    journals: box =>
      (streams.all(box) as { epoch: string; up_to: number; stored: number }[]).map(row => ({
        epoch: row.epoch,
        upTo: row.up_to,
        stored: row.stored,
      })),
    facts: (box, epoch) => (selectAll.all(box, epoch) as unknown as FactRow[]).map(toFact),
  };
}

interface FactRow {
  epoch: string;
  seq: number;
  id: string;
  type: string;
  at: string;
  clock: 'trusted' | 'untrusted';
  subject: string;
  body: string;
  prev_hash: string;
  more: string | null;
}

function toFact(row: FactRow): Fact {
  return {
    epoch: row.epoch,
    seq: row.seq,
    id: row.id,
    type: row.type,
    at: row.at,
    clock: row.clock,
    subject: row.subject,
    body: JSON.parse(row.body),
    prevHash: row.prev_hash,
    ...(row.more !== null && JSON.parse(row.more)),
  };
}
