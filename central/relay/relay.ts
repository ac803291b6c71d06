import type { BlobStore } from '../../platform/blob-store.ts';
import { businessDay, type Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { GatewayEvent } from '../../protocol/gateway.ts';
import { findAgreement } from '../../protocol/register.ts';
import type { CaseBook } from '../cases/case-book.ts';
import type { DownLogs } from '../ledger/down-logs.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Troubles } from '../ledger/troubles.ts';
import type { RegisterStore } from '../registry/register-store.ts';
import type { Storage, Transaction } from '../storage/storage.ts';
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
  storage: Storage;
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
  const {
    storage,
    blobs,
    ledger,
    store,
    book,
    downLogs,
    troubles,
    registers,
    anchors,
    clock,
    log,
    onChange,
  } = options;
  /** Cases whose package our own disk spoilt: told once, left alone until the next start. */
  const damaged = new Set<string>();
  const fetchResult = createFetchResult(blobs);
  let stopped = false;

  // The judge and each agency have rounds of their own: a slow agency holds up nobody else.
  const judge = startLoop(async () => {
    await alone('judge', async () => {
      for (const row of await store.inState('package-awaited'))
        if (!damaged.has(row.case_id) && (await ledger.hasContent(row.package_sha256)))
          await judgeArrived(row).catch(error => setAside(row, error));
    });
    return options.pollMs;
  });
  const lines = [...options.agencies].map(([agencyId, adapter]) =>
    startAgencyLine({
      agencyId,
      store,
      alone: work => alone(agencyId, work),
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

  /** Of several centres only one at a time does this: no package goes out twice at once. */
  async function alone(what: string, work: () => Promise<void>): Promise<void> {
    const claim = await storage.claim(`relay ${what}`);
    if (!claim) return;
    try {
      await work();
    } finally {
      await claim.release();
    }
  }

  /** Our own disk, not the agency: operators are told and the other packages go on. */
  async function setAside(row: RelayRow, error: unknown): Promise<void> {
    if (!(error instanceof AppError) || error.code === 'internal.database-away') throw error;
    damaged.add(row.case_id);
    log.error({ err: error, case: row.number }, 'a package cannot be read');
    await troubles.raise(error.code, row.number);
  }

  async function judgeArrived(row: RelayRow): Promise<void> {
    const register = await registers.current();
    const now = clock.now();
    const judgement = await judgePackage(
      await blobs.get(row.package_sha256),
      { packageId: row.request_id, caseNumber: row.number, documents: row.documents },
      anchors,
      now,
    );
    const agreement = findAgreement(register, row.service_id, businessDay(now, options.timeZone));
    await storage.transaction(async transaction => {
      if (judgement.kind === 'refused')
        await refuse(transaction, row, {
          status: 'package-refused',
          code: 'relay.package-refused',
          reason: judgement.reason,
        });
      else if (!agreement || !options.agencies.has(agreement.agencyId))
        await refuse(transaction, row, { status: 'no-agreement', code: 'relay.no-agreement', reason: '' });
      else {
        await store.verified(transaction, row.case_id, agreement.agencyId);
        await book.add(transaction, row.case_id, { event: 'package-verified', by: 'centre' });
        await tell(transaction, row, 'package-verified', now.toISOString());
      }
    });
    onChange();
  }

  /** The package will not go on; operators and the clerk learn why. */
  async function refuse(
    transaction: Transaction,
    row: RelayRow,
    refusal: { status: string; code: ErrorCode; reason: string; agencyId?: string; saidAt?: string },
  ): Promise<void> {
    const { status, code, agencyId, saidAt = clock.now().toISOString() } = refusal;
    const reason = noteOf(refusal.reason);
    await store.refused(transaction, row.case_id, code, reason);
    await book.add(transaction, row.case_id, {
      event: status,
      by: agencyId ?? 'centre',
      note: reason || null,
      at: saidAt,
    });
    await troubles.raise(code, row.number, { reason }, transaction);
    await downLogs.append(transaction, row.box, {
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

  async function tell(
    transaction: Transaction,
    row: RelayRow,
    status: string,
    saidAt: string,
    note?: string,
  ) {
    const by = status === 'package-verified' ? ('centre' as const) : ('agency' as const);
    await downLogs.append(transaction, row.box, {
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
    await storage.transaction(async transaction => {
      if (outcome.kind === 'refused')
        await refuse(transaction, row, {
          status: 'refused',
          code: outcome.code,
          reason: outcome.reason,
          agencyId,
        });
      else {
        const { registrationNumber, receivedAt } = outcome.ack;
        await store.registered(transaction, row.case_id, registrationNumber);
        await book.add(transaction, row.case_id, { event: 'sent-to-agency', by: 'centre', at: sentAt });
        // LED-3.15: received on the day when it was registered in the agency's system.
        const registered = { event: 'registered', by: agencyId, note: registrationNumber, at: receivedAt };
        await book.add(transaction, row.case_id, registered);
        await tell(transaction, row, 'registered', receivedAt, registrationNumber);
      }
    });
    onChange();
  }

  async function collectEvents(agencyId: string, adapter: AgencyAdapter): Promise<void> {
    const events = await adapter.events(await store.lastEvent(agencyId));
    for (const event of events) {
      // We died before the registration was stored: it comes with the repeat, and belongs before the event.
      if ((await store.findByRequest(event.requestId))?.state === 'to-send') break;
      await take(agencyId, adapter, event);
    }
    if (events.length > 0) await adapter.acknowledge(await store.lastEvent(agencyId));
  }

  async function take(agencyId: string, adapter: AgencyAdapter, event: GatewayEvent): Promise<void> {
    const row = await store.findByRequest(event.requestId);
    if (!row || row.agency_id !== agencyId) {
      log.error({ agencyId, seq: event.seq }, 'an agency spoke of a package that is not with it');
      await storage.transaction(async transaction => {
        if (await store.firstTime(transaction, agencyId, event.seq, event.at))
          await troubles.raise('internal.not-found', agencyId, { seq: event.seq }, transaction);
      });
      return;
    }
    if (event.result) await takeResult(agencyId, adapter, row, event);
    else
      await storage.transaction(async transaction => {
        if (!(await store.firstTime(transaction, agencyId, event.seq, event.at))) return;
        if (event.status === 'refused') {
          const [code, reason] = ['relay.agency-refused' as const, event.note ?? ''];
          await refuse(transaction, row, { status: 'refused', code, reason, agencyId, saidAt: event.at });
        } else {
          await book.add(transaction, row.case_id, wordOf(agencyId, event));
          await tell(transaction, row, event.status, event.at, event.note);
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
    if (bytes) await ledger.contentArrived(result);
    await storage.transaction(async transaction => {
      if (!(await store.firstTime(transaction, agencyId, event.seq, event.at))) return;
      if (judgement.kind === 'passed') {
        await store.resultAccepted(transaction, row.case_id, result);
        // LED-3.16 and 3.17: the day it left the agency's system, and the day it arrived in ours.
        await book.add(transaction, row.case_id, wordOf(agencyId, event));
        await book.add(transaction, row.case_id, { event: 'result-received', by: 'centre' });
        await downLogs.append(transaction, row.box, {
          type: 'case.result',
          body: { caseId: row.case_id, result, saidAt: event.at },
        });
        return;
      }
      const { verdict } = judgement;
      const code = resultCode(judgement.reason);
      const reason = noteOf(judgement.reason);
      await store.resultRefused(transaction, row.case_id, result, { verdict, code, note: reason });
      await book.add(transaction, row.case_id, { event: 'result-refused', by: 'centre', note: reason });
      await troubles.raise(code, row.number, { reason }, transaction);
      await downLogs.append(transaction, row.box, {
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

const wordOf = (agencyId: string, { status, note, at }: GatewayEvent) => ({
  event: status,
  by: agencyId,
  note: note ?? null,
  at,
});

/** As long as a note to a box may be; a package of many documents can have many faults. */
const noteOf = (reason: string) => reason.slice(0, 500);

function resultCode(reason: string): ErrorCode {
  return /SIGNED_DATA_NOT_FOUND|NO_SIGNATURE/.test(reason) ? 'relay.result-unsigned' : 'relay.result-refused';
}
