import type { ErrorCode } from '../../protocol/errors.ts';
import type { Blob } from '../../protocol/values.ts';
import type { Queries, Storage } from '../storage/storage.ts';
import type { CentreTables, RelayState } from '../storage/tables.ts';

/** A package on its way, with the case it belongs to. */
export interface RelayRow extends Readonly<CentreTables['relays']> {
  number: string;
  service_id: string;
  /** How many documents the box says are in it. */
  documents: number;
}

/** Rows of `relays`. Changes are part of the transaction they are given. */
export interface RelayStore {
  inState(state: RelayState): Promise<RelayRow[]>;
  toSend(agencyId: string): Promise<RelayRow[]>;
  /** Whether the agency works on something, so that it is worth asking. */
  isAtWork(agencyId: string): Promise<boolean>;
  findByRequest(requestId: string): Promise<RelayRow | undefined>;
  verified(within: Queries, caseId: string, agencyId: string): Promise<void>;
  refused(within: Queries, caseId: string, code: ErrorCode, note: string): Promise<void>;
  registered(within: Queries, caseId: string, registrationNumber: string): Promise<void>;
  resultAccepted(within: Queries, caseId: string, result: Blob): Promise<void>;
  /** A result that was not accepted: the case goes on, the trouble is shown (LED-3.12). */
  resultRefused(
    within: Queries,
    caseId: string,
    result: Blob,
    trouble: { verdict: string; code: ErrorCode; note: string },
  ): Promise<void>;
  /** True the first time; an agency may repeat an event. */
  firstTime(within: Queries, agencyId: string, seq: number, at: string): Promise<boolean>;
  lastEvent(agencyId: string): Promise<number>;
}

export function openRelayStore(storage: Storage): RelayStore {
  const all = () =>
    storage.query
      .selectFrom('relays')
      .innerJoin('cases', 'cases.id', 'relays.case_id')
      .selectAll('relays')
      .select(['cases.number', 'cases.service_id'])
      .select(({ selectFrom }) =>
        selectFrom('facts')
          .select('facts.body')
          .whereRef('facts.subject', '=', 'relays.case_id')
          .where('facts.type', '=', 'case.sent')
          .limit(1)
          .as('sent'),
      )
      .orderBy('sent_by_box_at');
  type Found = Awaited<ReturnType<ReturnType<typeof all>['execute']>>[number];
  const toRow = ({ sent, ...row }: Found): RelayRow => ({
    ...row,
    documents: (JSON.parse(sent ?? '{"documents":[]}') as { documents: unknown[] }).documents.length,
  });
  const relay = ({ query }: Queries, caseId: string) =>
    query.updateTable('relays').where('case_id', '=', caseId);

  return {
    inState: async state => (await all().where('relays.state', '=', state).execute()).map(toRow),
    async toSend(agencyId) {
      const waiting = all().where('relays.state', '=', 'to-send').where('agency_id', '=', agencyId);
      return (await waiting.execute()).map(toRow);
    },
    async isAtWork(agencyId) {
      const there = storage.query.selectFrom('relays').select('case_id').where('state', '=', 'in-agency');
      return (await there.where('agency_id', '=', agencyId).limit(1).executeTakeFirst()) !== undefined;
    },
    async findByRequest(requestId) {
      const row = await all().where('request_id', '=', requestId).executeTakeFirst();
      return row && toRow(row);
    },
    async verified(within, caseId, agencyId) {
      await relay(within, caseId).set({ state: 'to-send', verdict: 'passed', agency_id: agencyId }).execute();
    },
    async refused(within, caseId, code, note) {
      await relay(within, caseId)
        .set(({ fn, val }) => ({
          state: 'refused',
          verdict: fn.coalesce('verdict', val('failed')),
          trouble_code: code,
          trouble_note: note,
        }))
        .execute();
    },
    async registered(within, caseId, registrationNumber) {
      await relay(within, caseId)
        .set({ state: 'in-agency', registration_number: registrationNumber })
        .execute();
    },
    async resultAccepted(within, caseId, result) {
      await relay(within, caseId)
        .set({
          state: 'result-ready',
          result_sha256: result.sha256,
          result_bytes: result.sizeBytes,
          result_verdict: 'passed',
          trouble_code: null,
          trouble_note: null,
        })
        .execute();
    },
    async resultRefused(within, caseId, result, { verdict, code, note }) {
      await relay(within, caseId).set({ trouble_code: code, trouble_note: note }).execute();
      const refused = {
        result_sha256: result.sha256,
        result_bytes: result.sizeBytes,
        result_verdict: verdict,
      };
      // One that was accepted before stays the result of the case.
      await relay(within, caseId).where('state', '<>', 'result-ready').set(refused).execute();
    },
    async firstTime({ query }, agencyId, seq, at) {
      const event = query.insertInto('agency_events').values({ agency_id: agencyId, seq, at });
      const added = await event.onConflict(conflict => conflict.doNothing()).executeTakeFirst();
      return (added.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    async lastEvent(agencyId) {
      const events = storage.query.selectFrom('agency_events').where('agency_id', '=', agencyId);
      const last = await events.select(({ fn }) => fn.max('seq').as('seq')).executeTakeFirst();
      return last?.seq ?? 0;
    },
  };
}
