import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { GatewayEvent } from '../../protocol/gateway.ts';
import type { ByteSource } from '../../protocol/package/byte-source.ts';
import type { CaseBook } from '../cases/case-book.ts';
import type { EvidenceBook } from '../evidence/evidence-book.ts';
import { newsOf, type RevocationDesk } from '../evidence/revocation-desk.ts';
import type { DownLogs } from '../ledger/down-logs.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Troubles } from '../ledger/troubles.ts';
import type { Storage } from '../storage/storage.ts';
import type { AgencyAdapter } from './adapter.ts';
import { createFetchResult } from './fetch-result.ts';
import { noteOf, type RelayNews } from './relay-news.ts';
import type { RelayRow, RelayStore } from './relay-store.ts';
import { anchorsFor, type Judgement, judgeResult, type TrustAnchors } from './verification.ts';

/** What is said with one agency: packages to it, its words and results back. Any of it may be repeated. */
export interface AgencyDialogue {
  /** Throws `relay.agency-unreachable`; other codes when our own disk spoilt the package. */
  send(row: RelayRow): Promise<void>;
  /** Throws `relay.agency-unreachable`. */
  collectEvents(): Promise<void>;
}

export function createAgencyDialogue(
  agencyId: string,
  adapter: AgencyAdapter,
  parts: {
    storage: Storage;
    blobs: BlobStore;
    ledger: Ledger;
    store: RelayStore;
    book: CaseBook;
    downLogs: DownLogs;
    troubles: Troubles;
    news: RelayNews;
    anchors: TrustAnchors;
    revocation: RevocationDesk;
    evidence: EvidenceBook;
    clock: Clock;
    log: Log;
    onChange: () => void;
  },
): AgencyDialogue {
  const { storage, blobs, ledger, store, book, downLogs, troubles, news, anchors, clock, log, onChange } =
    parts;
  const { revocation, evidence } = parts;
  const fetchResult = createFetchResult(blobs);

  async function send(row: RelayRow): Promise<void> {
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
        await news.refuse(transaction, row, {
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
        await news.tell(transaction, row, 'registered', receivedAt, registrationNumber);
      }
    });
    onChange();
  }

  async function collectEvents(): Promise<void> {
    const events = await adapter.events(await store.lastEvent(agencyId));
    for (const event of events) {
      // We died before the registration was stored: it comes with the repeat, and belongs before the event.
      if ((await store.findByRequest(event.requestId))?.state === 'to-send') break;
      await take(event);
    }
    if (events.length > 0) await adapter.acknowledge(await store.lastEvent(agencyId));
  }

  async function take(event: GatewayEvent): Promise<void> {
    const row = await store.findByRequest(event.requestId);
    if (!row || row.agency_id !== agencyId) {
      log.error({ agencyId, seq: event.seq }, 'an agency spoke of a package that is not with it');
      await storage.transaction(async transaction => {
        if (await store.firstTime(transaction, agencyId, event.seq, event.at))
          await troubles.raise('internal.not-found', agencyId, { seq: event.seq }, transaction);
      });
      return;
    }
    if (event.result) await takeResult(row, event);
    else
      await storage.transaction(async transaction => {
        if (!(await store.firstTime(transaction, agencyId, event.seq, event.at))) return;
        // What came back is the applicant's; a refusal after it takes nothing away.
        if (event.status === 'refused' && row.state !== 'result-ready') {
          const [code, reason] = ['relay.agency-refused' as const, event.note ?? ''];
          await news.refuse(transaction, row, {
            status: 'refused',
            code,
            reason,
            agencyId,
            saidAt: event.at,
          });
        } else {
          await book.add(transaction, row.case_id, wordOf(agencyId, event));
          await news.tell(transaction, row, event.status, event.at, event.note);
        }
      });
    onChange();
  }

  async function takeResult(row: RelayRow, event: GatewayEvent): Promise<void> {
    const result = event.result as NonNullable<GatewayEvent['result']>;
    if (row.state === 'result-ready' && row.result_sha256 === result.sha256) {
      // Said again under another number: the case was told of it, and may be closed by now.
      await storage.transaction(transaction => store.firstTime(transaction, agencyId, event.seq, event.at));
      return;
    }
    const source = await fetchResult(adapter, result);
    const judged = async (container: ByteSource) => {
      const found = await revocation.gather(container, anchorsFor('result', anchors));
      const judgedWith = { ...newsOf(found), at: clock.now() };
      const request = { requestId: row.request_id, caseNumber: row.number };
      return { found, judgement: await judgeResult(container, request, anchors, judgedWith) };
    };
    const missing: Judgement = { kind: 'refused', verdict: 'failed', reason: 'CONTENT_MISMATCH' };
    const { found, judgement } = source
      ? await judged(source).finally(source.close)
      : { found: { pieces: [], missing: [] }, judgement: missing };
    if (judgement.kind === 'refused')
      await adapter.refuse(event.seq, {
        code: resultCode(judgement.reason),
        reason: noteOf(judgement.reason),
      });
    if (source) await ledger.contentArrived(result);
    await storage.transaction(async transaction => {
      if (!(await store.firstTime(transaction, agencyId, event.seq, event.at))) return;
      if (judgement.kind === 'passed') {
        await store.resultAccepted(transaction, row.case_id, result);
        const content = { sha256: result.sha256, what: 'result' as const, caseNumber: row.number };
        await evidence.accepted(transaction, content, found);
        // LED-3.16 and 3.17: the day it left the agency's system, and the day it arrived in ours.
        await book.add(transaction, row.case_id, wordOf(agencyId, event));
        await book.add(transaction, row.case_id, {
          event: 'result-received',
          by: 'centre',
          content: result.sha256,
        });
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

  return { send, collectEvents };
}

const wordOf = (agencyId: string, { status, note, at }: GatewayEvent) => ({
  event: status,
  by: agencyId,
  note: note ?? null,
  at,
});

function resultCode(reason: string): ErrorCode {
  return /NO_SIGNATURE/.test(reason) ? 'relay.result-unsigned' : 'relay.result-refused';
}
