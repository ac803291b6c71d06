import type { Projection } from './projection.ts';

/** What the centre said and this version could not read; it is tried again after an update (F23). */
export interface ParkedRow {
  log: string;
  down_seq: number;
  type: string;
  /** The entry as it came, JSON. */
  entry: string;
}

export const parkedProjection: Projection = {
  tables: ['parked_entries'],
  schema: `
  create table parked_entries (
    log text not null,
    down_seq integer not null,
    type text not null,
    entry text not null,
    position integer not null,
    primary key (log, down_seq)
  ) strict;
  `,
  prepare(db) {
    const parked = db.prepare(
      'insert into parked_entries (log, down_seq, type, entry, position) values (?, ?, ?, ?, ?) on conflict do nothing',
    );
    const applied = db.prepare('delete from parked_entries where log = ? and down_seq = ?');
    return (fact, position) => {
      if (fact.type === 'downlink.entry-parked') {
        const { log, downSeq, entryType, entry } = fact.body;
        parked.run(log, downSeq, entryType, JSON.stringify(entry), position);
      } else if (fact.type === 'downlink.entry-applied') applied.run(fact.body.log, fact.body.downSeq);
    };
  },
};
