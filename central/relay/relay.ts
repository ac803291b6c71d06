import type { DatabaseSync } from 'node:sqlite';
import { createBackoff } from '../../platform/backoff.ts';
import type { BlobStore } from '../../platform/blob-store.ts';
import { businessDay, type Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { transaction } from '../../platform/sqlite.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { GatewayEvent } from '../../protocol/gateway.ts';
import { findAgreement } from '../../protocol/register.ts';
import type { CaseBook } from '../cases/case-book.ts';
import type { DownLogs } from '../ledger/down-logs.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Troubles } from '../ledger/troubles.ts';
import type { RegisterStore } from '../registry/register-store.ts';
import type { AgencyAdapter } from './adapter.ts';
import type { RelayRow, RelayStore } from './relay-store.ts';
import { judgePackage, judgeResult, type TrustAnchors } from './verification.ts';

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
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  const resting = new Map<string, { untilMs: number; backoff: ReturnType<typeof createBackoff> }>();

  async function round(): Promise<void> {
    for (const row of store.inState('package-awaited'))
      if (ledger.hasContent(row.package_sha256)) await judgeArrived(row);
    for (const [agencyId, adapter] of options.agencies) {
      if ((resting.get(agencyId)?.untilMs ?? 0) > clock.monotonicMs()) continue;
      const waiting = store.inState('to-send').filter(row => row.agency_id === agencyId);
      const expected = store.inState('in-agency').some(row => row.agency_id === agencyId);
      if (waiting.length === 0 && !expected) continue;
      try {
        for (const row of waiting) await sendTo(agencyId, adapter, row);
        await collectEvents(agencyId, adapter);
        resting.get(agencyId)?.backoff.reset();
      } catch (error) {
        rest(agencyId, String(error));
      }
    }
  }

  function rest(agencyId: string, reason: string): void {
    const backoff = resting.get(agencyId)?.backoff ?? createBackoff(options.pollMs, 60_000);
    resting.set(agencyId, { backoff, untilMs: clock.monotonicMs() + backoff.next() });
    log.info({ agencyId, reason, code: 'relay.agency-unreachable' }, 'an agency does not answer');
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
        refuse(row, 'package-refused', 'relay.package-refused', judgement.reason);
      else if (!agreement || !options.agencies.has(agreement.agencyId))
        refuse(row, 'no-agreement', 'relay.no-agreement', '');
      else {
        store.verified(row.case_id, agreement.agencyId);
        book.add(row.case_id, 'package-verified', 'centre');
        tell(row, 'package-verified', now.toISOString());
      }
    });
    onChange();
  }

  /** The package will not go on; operators and the clerk learn why. */
  function refuse(row: RelayRow, status: string, code: ErrorCode, reason: string): void {
    store.refused(row.case_id, code, reason);
    book.add(row.case_id, status, 'centre', reason || null);
    troubles.raise(code, row.number, { reason });
    downLogs.append(row.box, {
      type: 'case.status',
      body: {
        caseId: row.case_id,
        status,
        by: 'centre',
        saidAt: clock.now().toISOString(),
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
    const outcome = await adapter.send(
      {
        requestId: row.request_id,
        caseNumber: row.number,
        serviceId: row.service_id,
        branchId: row.box,
        // LED-3.14: the day of sending is when the package left our system.
        sentAt: clock.now().toISOString(),
        package: {
          sha256: row.package_sha256,
          sizeBytes: row.package_bytes,
          mediaType: row.package_media_type,
        },
      },
      () => blobs.read(row.package_sha256),
    );
    if (outcome.kind === 'unreachable') throw new Error(outcome.reason);
    transaction(db, () => {
      if (outcome.kind === 'refused') refuse(row, 'refused', outcome.code, outcome.reason);
      else {
        const { registrationNumber, receivedAt } = outcome.ack;
        store.registered(row.case_id, registrationNumber);
        book.add(row.case_id, 'sent-to-agency', 'centre');
        // LED-3.15: received on the day when it was registered in the agency's system.
        book.add(row.case_id, 'registered', agencyId, registrationNumber, receivedAt);
        tell(row, 'registered', receivedAt, registrationNumber);
      }
    });
    onChange();
  }

  async function collectEvents(agencyId: string, adapter: AgencyAdapter): Promise<void> {
    const events = await adapter.events(store.lastEvent(agencyId));
    for (const event of events) await take(agencyId, adapter, event);
    const newest = store.lastEvent(agencyId);
    if (events.length > 0) await adapter.acknowledge(newest);
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
        if (event.status === 'refused') refuse(row, 'refused', 'relay.agency-refused', event.note ?? '');
        else {
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
    if (!(await blobs.has(result.sha256))) {
      // The gateway has no ranges: a part of an interrupted fetch is of no use.
      await blobs.dropPart(result.sha256);
      let offset = 0;
      await adapter.fetchContent(result, async chunk => {
        await blobs.append(result.sha256, offset, result.sizeBytes, chunk);
        offset += chunk.length;
      });
    }
    const judgement = await judgeResult(await blobs.get(result.sha256), anchors, clock.now());
    if (judgement.kind === 'refused')
      await adapter.refuse(event.seq, { code: resultCode(judgement.reason), reason: judgement.reason });
    ledger.contentArrived(result);
    transaction(db, () => {
      if (!store.firstTime(agencyId, event.seq, event.at)) return;
      if (judgement.kind === 'passed') {
        store.resultAccepted(row.case_id, result);
        book.add(row.case_id, 'result-received', agencyId, event.note ?? null, event.at);
        downLogs.append(row.box, {
          type: 'case.result',
          body: { caseId: row.case_id, result, saidAt: event.at },
        });
        return;
      }
      const { verdict, reason } = judgement;
      const code = resultCode(reason);
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

  function kick(): void {
    if (stopped) return;
    if (running) {
      again = true;
      return;
    }
    clearTimeout(timer);
    running = round()
      .catch((error: unknown) => {
        // A defect here must not be lived with: the process ends and is started anew (F41).
        log.fatal({ err: error }, 'the relay failed');
        throw error;
      })
      .finally(() => {
        running = undefined;
        if (stopped) return;
        if (again) {
          again = false;
          kick();
        } else timer = setTimeout(kick, options.pollMs);
      });
  }
  kick();

  return {
    kick,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

function resultCode(reason: string): ErrorCode {
  return /SIGNED_DATA_NOT_FOUND|NO_SIGNATURE/.test(reason) ? 'relay.result-unsigned' : 'relay.result-refused';
}
