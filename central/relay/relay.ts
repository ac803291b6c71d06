import type { DatabaseSync } from 'node:sqlite';
import type { BlobStore } from '../../platform/blob-store.ts';
import { businessDay, type Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { transaction } from '../../platform/sqlite.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { GatewayEvent } from '../../protocol/gateway.ts';
import { findAgreement } from '../../protocol/register.ts';
import type { CaseBook } from '../cases/case-book.ts';
import type { DownLogs } from '../ledger/down-logs.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Troubles } from '../ledger/troubles.ts';
import type { RegisterStore } from '../registry/register-store.ts';
import type { AgencyAdapter } from './adapter.ts';
import { startAgencyLine } from './agency-line.ts';
import { createFetchResult } from './fetch-result.ts';
import { startLoop } from './loop.ts';
import type { RelayRow, RelayStore } from './relay-store.ts';
import { type Judgement, judgePackage, judgeResult, type TrustAnchors } from './verification.ts';

export interface Relay {
  /** Something may have come: content, a case, a register. Cheap to call. */
  kick(): void;
  stop(): Promise<void>;
}

export interface RelayOptions {
  db: DatabaseSync;
  blobs: BlobStore;
  ledger: Ledger;
  store: RelayStore;
  book: CaseBook;
  downLogs: DownLogs;
  troubles: Troubles;
  registers: RegisterStore;
  agencies: ReadonlyMap<string, AgencyAdapter>;
  anchors: TrustAnchors;
  timeZone: string;
  pollMs: number;
  clock: Clock;
  log: Log;
  onChange: () => void;
}

/**
 * LED-3.7: after the clerk pressed send everything goes by itself. Each step is stored before the next
 * begins and may be repeated: a power cut anywhere only makes it happen again.
 */
export function startRelay(options: RelayOptions): Relay {
  const { db, blobs, ledger, store, book, downLogs, troubles, registers, anchors, clock, log, onChange } =
    options;
  /** Cases whose package our own disk spoilt: told once, left alone until the next start. */
  const damaged = new Set<string>();
  const fetchResult = createFetchResult(blobs);
  let stopped = false;

  // The judge and each agency have rounds of their own: a slow agency holds up nobody else.
  const judge = startLoop(async () => {
    for (const row of store.inState('package-awaited'))
      if (ledger.hasContent(row.package_sha256) && !damaged.has(row.case_id))
        await judgeArrived(row).catch(error => setAside(row, error));
    return options.pollMs;
  });
  const lines = [...options.agencies].map(([agencyId, adapter]) =>
    startAgencyLine({
      agencyId,
      store,
      send: row => sendTo(agencyId, adapter, row),
      collectEvents: () => collectEvents(agencyId, adapter),
      isSetAside: row => damaged.has(row.case_id),
      isStopped: () => stopped,
      setAside,
      pollMs: options.pollMs,
      clock,
      log,
    }),
  );

  /** Our own disk, not the agency: operators are told and the other packages go on. */
  function setAside(row: RelayRow, error: unknown): void {
    if (!(error instanceof AppError)) throw error;
    damaged.add(row.case_id);
    log.error({ err: error, case: row.number }, 'a package cannot be read');
    troubles.raise(error.code, row.number);
  }

  async function judgeArrived(row: RelayRow): Promise<void> {
    const register = registers.current();
    const now = clock.now();
    const judgement = await judgePackage(
      await blobs.get(row.package_sha256),
      { packageId: row.request_id, caseNumber: row.number, documents: row.documents },
      anchors,
      now,
    );
    const agreement = findAgreement(register, row.service_id, businessDay(now, options.timeZone));
    transaction(db, () => {
      if (judgement.kind === 'refused')
        refuse(row, { status: 'package-refused', code: 'relay.package-refused', reason: judgement.reason });
      else if (!agreement || !options.agencies.has(agreement.agencyId))
        refuse(row, { status: 'no-agreement', code: 'relay.no-agreement', reason: '' });
      else {
        store.verified(row.case_id, agreement.agencyId);
        book.add(row.case_id, 'package-verified', 'centre');
        tell(row, 'package-verified', now.toISOString());
      }
    });
    onChange();
  }

  /** The package will not go on; operators and the clerk learn why. */
  function refuse(
    row: RelayRow,
    refusal: { status: string; code: ErrorCode; reason: string; agencyId?: string; saidAt?: string },
  ): void {
    const { status, code, agencyId, saidAt = clock.now().toISOString() } = refusal;
    const reason = noteOf(refusal.reason);
    store.refused(row.case_id, code, reason);
    book.add(row.case_id, status, agencyId ?? 'centre', reason || null, saidAt);
    troubles.raise(code, row.number, { reason });
    downLogs.append(row.box, {
      type: 'case.status',
      body: {
        caseId: row.case_id,
        status,
        by: agencyId === undefined ? 'centre' : 'agency',
        saidAt,
        code,
        ...(reason && { note: reason }),
      },
    });
  }

  function tell(row: RelayRow, status: string, saidAt: string, note?: string): void {
    const by = status === 'package-verified' ? ('centre' as const) : ('agency' as const);
    downLogs.append(row.box, {
      type: 'case.status',
      body: { caseId: row.case_id, status, by, saidAt, ...(note && { note }) },
    });
  }

  async function sendTo(agencyId: string, adapter: AgencyAdapter, row: RelayRow): Promise<void> {
    // LED-3.14: the day of sending is when the package left our system.
    const sentAt = clock.now().toISOString();
    const outcome = await adapter.send(
      {
        requestId: row.request_id,
        caseNumber: row.number,
        serviceId: row.service_id,
        branchId: row.box,
        sentAt,
        package: {
          sha256: row.package_sha256,
          sizeBytes: row.package_bytes,
          mediaType: row.package_media_type,
        },
      },
      () => blobs.read(row.package_sha256),
    );
    if (outcome.kind === 'unreachable')
      throw new AppError('relay.agency-unreachable', { reason: outcome.reason });
    transaction(db, () => {
      if (outcome.kind === 'refused')
        refuse(row, { status: 'refused', code: outcome.code, reason: outcome.reason, agencyId });
      else {
        const { registrationNumber, receivedAt } = outcome.ack;
        store.registered(row.case_id, registrationNumber);
        book.add(row.case_id, 'sent-to-agency', 'centre', null, sentAt);
        // LED-3.15: received on the day when it was registered in the agency's system.
        book.add(row.case_id, 'registered', agencyId, registrationNumber, receivedAt);
        tell(row, 'registered', receivedAt, registrationNumber);
      }
    });
    onChange();
  }

  async function collectEvents(agencyId: string, adapter: AgencyAdapter): Promise<void> {
    const events = await adapter.events(store.lastEvent(agencyId));
    for (const event of events) {
      // We died before the registration was stored: it comes with the repeat, and belongs before the event.
      if (store.findByRequest(event.requestId)?.state === 'to-send') break;
      await take(agencyId, adapter, event);
    }
    if (events.length > 0) await adapter.acknowledge(store.lastEvent(agencyId));
  }

  async function take(agencyId: string, adapter: AgencyAdapter, event: GatewayEvent): Promise<void> {
    const row = store.findByRequest(event.requestId);
    if (!row || row.agency_id !== agencyId) {
      log.error({ agencyId, seq: event.seq }, 'an agency spoke of a package that is not with it');
      transaction(db, () => {
        if (store.firstTime(agencyId, event.seq, event.at))
          troubles.raise('internal.not-found', agencyId, { seq: event.seq });
      });
      return;
    }
    if (event.result) await takeResult(agencyId, adapter, row, event);
    else
      transaction(db, () => {
        if (!store.firstTime(agencyId, event.seq, event.at)) return;
        if (event.status === 'refused') {
          const [code, reason] = ['relay.agency-refused' as const, event.note ?? ''];
          refuse(row, { status: 'refused', code, reason, agencyId, saidAt: event.at });
        } else {
          book.add(row.case_id, event.status, agencyId, event.note ?? null, event.at);
          tell(row, event.status, event.at, event.note);
        }
      });
    onChange();
  }

  async function takeResult(
    agencyId: string,
    adapter: AgencyAdapter,
    row: RelayRow,
    event: GatewayEvent,
  ): Promise<void> {
    const result = event.result as NonNullable<GatewayEvent['result']>;
    const bytes = await fetchResult(adapter, result);
    const judgement: Judgement = bytes
      ? await judgeResult(bytes, anchors, clock.now())
      : { kind: 'refused', verdict: 'failed', reason: 'CONTENT_MISMATCH' };
    if (judgement.kind === 'refused')
      await adapter.refuse(event.seq, {
        code: resultCode(judgement.reason),
        reason: noteOf(judgement.reason),
      });
    if (bytes) ledger.contentArrived(result);
    transaction(db, () => {
      if (!store.firstTime(agencyId, event.seq, event.at)) return;
      if (judgement.kind === 'passed') {
        store.resultAccepted(row.case_id, result);
        // LED-3.16 and 3.17: the day it left the agency's system, and the day it arrived in ours.
        book.add(row.case_id, event.status, agencyId, event.note ?? null, event.at);
        book.add(row.case_id, 'result-received', 'centre');
        downLogs.append(row.box, {
          type: 'case.result',
          body: { caseId: row.case_id, result, saidAt: event.at },
        });
        return;
      }
      const { verdict } = judgement;
      const code = resultCode(judgement.reason);
      const reason = noteOf(judgement.reason);
      store.resultRefused(row.case_id, result, verdict, code, reason);
      book.add(row.case_id, 'result-refused', 'centre', reason);
      troubles.raise(code, row.number, { reason });
      downLogs.append(row.box, {
        type: 'case.status',
        body: {
          caseId: row.case_id,
          status: 'result-refused',
          by: 'centre',
          saidAt: clock.now().toISOString(),
          code,
          note: reason,
        },
      });
    });
  }

  return {
    kick() {
      judge.kick();
      for (const line of lines) line.kick();
    },
    async stop() {
      stopped = true;
      const ended = [judge, ...lines].map(loop => loop.stop());
      // What is under way fails now instead of in half a minute; it will be repeated at the next start.
      for (const adapter of options.agencies.values()) adapter.close();
      await Promise.all(ended);
    },
  };
}

/** As long as a note to a box may be; a package of many documents can have many faults. */
const noteOf = (reason: string) => reason.slice(0, 500);

function resultCode(reason: string): ErrorCode {
  return /SIGNED_DATA_NOT_FOUND|NO_SIGNATURE/.test(reason) ? 'relay.result-unsigned' : 'relay.result-refused';
}
