import { limits } from '../../protocol/limits.ts';
import { protocolVersion, type Receipt } from '../../protocol/messages.ts';
import type { Queries } from '../storage/storage.ts';
import type { Around, Held } from './advance.ts';
import { numbersBeyond } from './beyond.ts';
import { type Stream, streamKey } from './inbox.ts';
import type { LedgerSql } from './ledger-sql.ts';

/** Receipts of many journals at once: a batch of messages costs few questions, not as many each. */
export function createReceipts(sql: LedgerSql) {
  async function grouped<Row extends Stream>(
    queries: Queries,
    text: string,
    streams: readonly Stream[],
    limit: number,
  ) {
    const groups = new Map<string, Row[]>();
    const rows = streams.length > 0 ? await queries.run<Row>(text, namesOf(streams), limit) : [];
    for (const row of rows) {
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
    known?: Around & { held: readonly Held[] },
  ): Promise<Receipt[]> {
    if (streams.length === 0) return [];
    // First where they stand: a number that comes in between is then told as stored or not at all.
    const held = known?.held ?? (await queries.run<Held>(sql.standing, namesOf(streams)));
    const standing = new Map(held.map(journal => [streamKey(journal), journal]));
    const beyond = known?.beyond ?? (await numbersBeyond(sql, queries, held));
    const refused = await grouped<Stream & { seq: number }>(
      queries,
      sql.refused,
      known?.buried ?? streams,
      limits.refusedPerReceipt,
    );
    const wanted = await grouped<Stream & { sha256: string }>(
      queries,
      sql.wanted,
      known?.waiting ?? streams,
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

const namesOf = (streams: readonly Stream[]) =>
  JSON.stringify(streams.map(({ box, epoch }) => ({ box, epoch })));

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
