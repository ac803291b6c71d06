import { toFact } from '../../../central/ledger/fact-rows.ts';
import type { Storage } from '../../../central/storage/storage.ts';
import type { Fact } from '../../../protocol/facts.ts';

/** One journal of a box as the centre holds it. */
export interface CentreEpoch {
  box: string;
  epoch: string;
  stored: number;
  upTo: number;
  /** By number, in order. */
  facts: Map<number, Fact>;
  /** Numbers whose fact could not be read and lies among the dead letters. */
  dead: Map<number, 'malformed' | 'forked'>;
}

export interface CentreBooks {
  epochs: CentreEpoch[];
  /** Content that the centre says it has. */
  contents: Set<string>;
  /** The log down to each box, by box: its id and how far the box receipted it. */
  down: Map<string, { log: string; receipted: number }>;
}

/** Reads the books of some boxes, from SQLite or PostgreSQL. Watermarks first: what they promise is read after them. */
export async function readCentreBooks(storage: Storage, boxes: readonly string[]): Promise<CentreBooks> {
  const { query } = storage;
  const epochs: CentreEpoch[] = [];
  for (const box of boxes) {
    const streams = await query.selectFrom('streams').selectAll().where('box', '=', box).execute();
    for (const { epoch, stored, up_to: upTo } of streams) {
      const facts = query.selectFrom('facts').where('box', '=', box).where('epoch', '=', epoch);
      const dead = query.selectFrom('dead_letters').where('box', '=', box).where('epoch', '=', epoch);
      const deadRows = await dead.select(['seq', 'reason']).execute();
      const factRows = await facts.selectAll().orderBy('seq').execute();
      epochs.push({
        ...{ box, epoch, stored, upTo },
        facts: new Map(factRows.map(row => [row.seq, toFact(row)])),
        dead: new Map(deadRows.map(row => [row.seq, row.reason])),
      });
    }
  }
  const contents = await query.selectFrom('contents').select('sha256').execute();
  const down = await query.selectFrom('down_logs').selectAll().execute();
  return {
    epochs,
    contents: new Set(contents.map(({ sha256 }) => sha256)),
    down: new Map(down.map(({ box, log, receipted }) => [box, { log, receipted }])),
  };
}
