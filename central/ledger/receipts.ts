import { limits } from '../../protocol/limits.ts';
import { protocolVersion, type Receipt } from '../../protocol/messages.ts';
import type { Queries } from '../storage/storage.ts';
import type { Held } from './advance.ts';
import { type Beyond, numbersBeyond } from './beyond.ts';
import { type Stream, streamKey } from './inbox.ts';
import type { LedgerSql } from './ledger-sql.ts';

/** Receipts of many journals at once: a batch of messages costs few questions, not as many each. */
export function createReceipts(sql: LedgerSql) {
  async function grouped<Row extends Stream>(
    queries: Queries,
    text: string,
    ...parameters: (string | number)[]
  ) {
    const groups = new Map<string, Row[]>();
    for (const row of await queries.run<Row>(text, ...parameters)) {
      const group = groups.get(streamKey(row));
      if (group) group.push(row);
      else groups.set(streamKey(row), [row]);
    }
    return (stream: Stream) => groups.get(streamKey(stream)) ?? [];
  }

  /** `known` is what a transaction that holds these journals has found out already. */
  return async function receipts(
    queries: Queries,
    streams: readonly Stream[],
    known?: { held: readonly Held[]; beyond: Beyond },
  ): Promise<Receipt[]> {
    if (streams.length === 0) return [];
    const given = JSON.stringify(streams.map(({ box, epoch }) => ({ box, epoch })));
    // First where they stand: a number that comes in between is then told as stored or not at all.
    const held = known?.held ?? (await queries.run<Held>(sql.standing, given));
    const standing = new Map(held.map(journal => [streamKey(journal), journal]));
    const beyond = known?.beyond ?? (await numbersBeyond(sql, queries, held));
    const refused = await grouped<Stream & { seq: number }>(
      queries,
      sql.refused,
      given,
      limits.refusedPerReceipt,
    );
    const wanted = await grouped<Stream & { sha256: string }>(
      queries,
      sql.wanted,
      given,
      limits.factsPerEnvelope,
    );
    return streams.map(stream => {
      const {
        stored,
        up_to: upTo,
        last_hash: head,
      } = standing.get(streamKey(stream)) ?? { stored: 0, up_to: 0, last_hash: '' };
      return {
        v: protocolVersion,
        epoch: stream.epoch,
        upTo,
        stored,
        // Behind a refused fact there is no digest to compare.
        ...(stored > 0 && head !== '' && { head }),
        missing: holes(beyond.get(streamKey(stream)) ?? [], stored),
        refused: refused(stream).map(({ seq }) => seq),
        wanted: wanted(stream).map(({ sha256 }) => sha256),
      };
    });
  };
}

/** Ranges between the numbers, which are ascending and above `stored`. */
function holes(numbers: readonly number[], stored: number): [number, number][] {
  const result: [number, number][] = [];
  let next = stored + 1;
  for (const seq of numbers) {
    if (seq > next) result.push([next, seq - 1]);
    next = Math.max(next, seq + 1);
  }
  return result;
}
