import { archiveColumns } from './archive-tables.ts';
import type { Inserted } from './insert-new.ts';
import type { ColumnsOf } from './sql-words.ts';
import type { CentreTables } from './tables.ts';

export interface CentreTable extends Inserted {
  /** Its key `number` is given by the database. */
  numbered: boolean;
}

type TablesAsColumns = ColumnsOf<CentreTables>;

const place = { box: 'text', epoch: 'text', seq: 'bigint' } as const;

/** Every table with every column; the compiler says when one is missing. */
const tables: TablesAsColumns = {
  facts: [
    ['box', 'epoch', 'seq'],
    {
      ...place,
      id: 'text',
      type: 'text',
      at: 'text',
      clock: 'text',
      subject: 'text',
      body: 'text',
      prev_hash: 'text',
      received_at: 'text',
      case_id: 'text',
      more: 'text',
    },
  ],
  dead_letters: [['box', 'epoch', 'seq'], { ...place, raw: 'text', reason: 'text', received_at: 'text' }],
  parked_facts: [['box', 'epoch', 'seq'], { ...place, type: 'text' }],
  streams: [
    ['box', 'epoch'],
    { box: 'text', epoch: 'text', begun_at: 'text', stored: 'bigint', up_to: 'bigint', last_hash: 'text' },
  ],
  boxes: [
    ['box'],
    {
      box: 'text',
      link: 'text',
      since: 'text',
      session: 'bigint',
      software: 'text',
      register_version: 'bigint',
      sample: 'text',
      sampled_at: 'text',
    },
  ],
  observations: [
    ['box', 'class', 'epoch', 'seq'],
    { ...place, class: 'text', at: 'text', type: 'text', body: 'text', received_at: 'text' },
  ],
  observation_marks: [
    ['box', 'epoch', 'class'],
    { box: 'text', epoch: 'text', class: 'text', up_to: 'bigint', dropped: 'bigint' },
  ],
  contents: [['sha256'], { sha256: 'text', size_bytes: 'bigint', media_type: 'text', at: 'text' }],
  awaited: [['box', 'epoch', 'seq', 'sha256'], { ...place, sha256: 'text' }],
  down_logs: [['box'], { box: 'text', log: 'text', receipted: 'bigint' }],
  down_entries: [
    ['box', 'seq'],
    { box: 'text', seq: 'bigint', at: 'text', type: 'text', body: 'text', content: 'text' },
  ],
  registers: [['version'], { version: 'bigint', sha256: 'text', size_bytes: 'bigint', published_at: 'text' }],
  tickets: [['id'], { id: 'text', box: 'text', day: 'text', state: 'text' }],
  cases: [
    ['id'],
    {
      id: 'text',
      box: 'text',
      number: 'text',
      service_id: 'text',
      ticket_id: 'text',
      opened_at: 'text',
      state: 'text',
      handed_out_at: 'text',
    },
  ],
  relays: [
    ['case_id'],
    {
      case_id: 'text',
      box: 'text',
      request_id: 'text',
      package_sha256: 'text',
      package_bytes: 'bigint',
      package_media_type: 'text',
      sent_by_box_at: 'text',
      state: 'text',
      agency_id: 'text',
      verdict: 'text',
      registration_number: 'text',
      trouble_code: 'text',
      trouble_note: 'text',
      result_sha256: 'text',
      result_bytes: 'bigint',
      result_verdict: 'text',
    },
  ],
  case_events: [
    ['number'],
    {
      number: 'bigint',
      case_id: 'text',
      at: 'text',
      event: 'text',
      by_whom: 'text',
      note: 'text',
      content: 'text',
    },
  ],
  agency_events: [['agency_id', 'seq'], { agency_id: 'text', seq: 'bigint', at: 'text' }],
  audit_leaves: [
    ['position'],
    { position: 'bigint', source: 'text', event: 'bigint', entry: 'text', hash: 'text' },
  ],
  audit_nodes: [['level', 'at'], { level: 'bigint', at: 'bigint', hash: 'text' }],
  audit_checkpoints: [
    ['size'],
    {
      size: 'bigint',
      origin: 'text',
      root: 'text',
      at: 'text',
      certificate: 'text',
      signature: 'text',
      stamp: 'text',
    },
  ],
  revocation_cache: [['source'], { source: 'text', kind: 'text', sha256: 'text', fetched_at: 'text' }],
  evidence: [['content', 'kind', 'sha256'], { content: 'text', kind: 'text', sha256: 'text', at: 'text' }],
  evidence_terms: [['content'], { content: 'text', good_until: 'text', imprint: 'text', algorithm: 'text' }],
  evidence_awaited: [
    ['content', 'kind'],
    { content: 'text', kind: 'text', what: 'text', case_number: 'text', since: 'text' },
  ],
  appointments: [
    ['id'],
    {
      ...{ id: 'text', box: 'text', code: 'text', service_id: 'text', day: 'text', at: 'text' },
      ...{ slots: 'bigint', share: 'text', state: 'text', version: 'bigint' },
      ...{ device: 'text', made_at: 'text' },
    },
  ],
  ...archiveColumns,
  troubles: [['number'], { number: 'bigint', at: 'text', code: 'text', subject: 'text', details: 'text' }],
};

export function tableOf(table: keyof CentreTables): CentreTable {
  const [key, columns] = tables[table];
  return { table, columns, key, numbered: key[0] === 'number' };
}

export const everyTable: readonly CentreTable[] = (Object.keys(tables) as (keyof CentreTables)[]).map(
  tableOf,
);
