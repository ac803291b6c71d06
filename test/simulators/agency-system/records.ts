import { migrate, openDatabase, transaction } from '../../../platform/sqlite.ts';
import type { GatewayAck, GatewayEvent, GatewayRefusal, GatewayRequest } from '../../../protocol/gateway.ts';
import { gatewayEventsPerAnswer } from '../../../protocol/gateway.ts';

export type Step = 'registered' | 'accepted' | 'in-work' | 'done';

/** A request as the office keeps it. */
export interface Registered {
  agencyId: string;
  request: GatewayRequest;
  ack: GatewayAck;
  step: Step;
}

export interface RecordedRefusal extends GatewayRefusal {
  agencyId: string;
  seq: number;
  requestId: string;
  at: string;
}

/** What the agency remembers across a crash. Each call is one transaction. */
export interface Records {
  /** Gives a registration number, once: the same id gets the number that it has. */
  register(agencyId: string, request: GatewayRequest, receivedAt: Date): Registered;
  find(requestId: string): Registered | undefined;
  all(): Registered[];
  /** The next step of a request and the event that tells of it. */
  advance(requestId: string, step: Step, event: Omit<GatewayEvent, 'seq' | 'requestId'>): void;
  /** Events that the centre has not acknowledged, oldest first. */
  events(agencyId: string, after: number): GatewayEvent[];
  acknowledge(agencyId: string, upTo: number): void;
  /** The request that the event is about; undefined when there is no such event. A repeat changes nothing. */
  refuse(agencyId: string, seq: number, refusal: GatewayRefusal, at: Date): string | undefined;
  /** Puts a finished request back to work. */
  reopen(requestId: string): void;
  refusals(): RecordedRefusal[];
  close(): void;
}

const migrations = [
  `create table requests (
     request_id text primary key, agency_id text not null, body text not null, ack text not null, step text not null
   ) strict;
   create table events (
     agency_id text not null, seq integer not null, request_id text not null references requests,
     body text not null, acknowledged integer not null default 0, primary key (agency_id, seq)
   ) strict;
   create table refusals (
     agency_id text not null, seq integer not null, body text not null, at text not null,
     primary key (agency_id, seq), foreign key (agency_id, seq) references events
   ) strict;`,
];

interface RequestRow {
  agency_id: string;
  body: string;
  ack: string;
  step: Step;
}

export function openRecords(path: string): Records {
  const db = openDatabase(path);
  migrate(db, migrations);
  const rowOf = db.prepare('select * from requests where request_id = ?');
  const countOf = db.prepare('select count(*) as n from requests where agency_id = ?');
  const insert = db.prepare("insert into requests values (?, ?, ?, ?, 'registered')");
  const setStep = db.prepare('update requests set step = ? where request_id = ?');
  const lastSeq = db.prepare('select coalesce(max(seq), 0) as n from events where agency_id = ?');
  const addEvent = db.prepare('insert into events (agency_id, seq, request_id, body) values (?, ?, ?, ?)');
  const openEvents = db.prepare(
    'select body from events where agency_id = ? and seq > ? and acknowledged = 0 order by seq limit ?',
  );
  const forget = db.prepare('update events set acknowledged = 1 where agency_id = ? and seq <= ?');
  const eventAt = db.prepare('select request_id from events where agency_id = ? and seq = ?');
  const addRefusal = db.prepare('insert into refusals values (?, ?, ?, ?) on conflict do nothing');
  const allRefusals = db.prepare(
    'select r.agency_id, r.seq, e.request_id, r.body, r.at from refusals r join events e using (agency_id, seq) order by r.at',
  );

  function find(requestId: string): Registered | undefined {
    const row = rowOf.get(requestId) as RequestRow | undefined;
    return row && registered(row);
  }

  return {
    find,
    all: () =>
      (db.prepare('select * from requests order by rowid').all() as unknown as RequestRow[]).map(registered),
    register: (agencyId, request, receivedAt) =>
      transaction(db, () => {
        const known = find(request.requestId);
        if (known) return known;
        const { n } = countOf.get(agencyId) as { n: number };
        const ack: GatewayAck = {
          requestId: request.requestId,
          registrationNumber: `РЕГ-${receivedAt.getUTCFullYear()}-${String(n + 1).padStart(6, '0')}`,
          receivedAt: receivedAt.toISOString(),
        };
        insert.run(request.requestId, agencyId, JSON.stringify(request), JSON.stringify(ack));
        return { agencyId, request, ack, step: 'registered' as const };
      }),
    advance: (requestId, step, event) =>
      transaction(db, () => {
        const { agency_id } = rowOf.get(requestId) as unknown as RequestRow;
        const seq = (lastSeq.get(agency_id) as { n: number }).n + 1;
        addEvent.run(agency_id, seq, requestId, JSON.stringify({ seq, requestId, ...event }));
        setStep.run(step, requestId);
      }),
    events: (agencyId, after) =>
      (openEvents.all(agencyId, after, gatewayEventsPerAnswer) as { body: string }[]).map(
        row => JSON.parse(row.body) as GatewayEvent,
      ),
    acknowledge: (agencyId, upTo) => void forget.run(agencyId, upTo),
    refuse: (agencyId, seq, refusal, at) => {
      const event = eventAt.get(agencyId, seq) as { request_id: string } | undefined;
      if (event) addRefusal.run(agencyId, seq, JSON.stringify(refusal), at.toISOString());
      return event?.request_id;
    },
    reopen: requestId => void setStep.run('in-work', requestId),
    refusals: () =>
      (
        allRefusals.all() as {
          agency_id: string;
          seq: number;
          request_id: string;
          body: string;
          at: string;
        }[]
      ).map(row => ({
        ...(JSON.parse(row.body) as GatewayRefusal),
        agencyId: row.agency_id,
        seq: row.seq,
        requestId: row.request_id,
        at: row.at,
      })),
    close: () => db.close(),
  };
}

function registered(row: RequestRow): Registered {
  return {
    agencyId: row.agency_id,
    request: JSON.parse(row.body) as GatewayRequest,
    ack: JSON.parse(row.ack) as GatewayAck,
    step: row.step,
  };
}
