import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { CaseBook } from '../cases/case-book.ts';
import type { EvidenceBook } from '../evidence/evidence-book.ts';
import type { RevocationDesk } from '../evidence/revocation-desk.ts';
import type { ContentHolders } from '../ledger/content-holders.ts';
import type { DownLogs } from '../ledger/down-logs.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Troubles } from '../ledger/troubles.ts';
import type { RegisterStore } from '../registry/register-store.ts';
import type { Storage } from '../storage/storage.ts';
import type { AgencyAdapter } from './adapter.ts';
import { createAgencyDialogue } from './agency-dialogue.ts';
import { startAgencyLine } from './agency-line.ts';
import { isAway, startLoop } from './loop.ts';
import { createLostPackages } from './lost-packages.ts';
import { createPackageJudge } from './package-judge.ts';
import { createRelayNews } from './relay-news.ts';
import type { RelayRow, RelayStore } from './relay-store.ts';
import type { TrustAnchors } from './verification.ts';

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
  holders: ContentHolders;
  troubles: Troubles;
  registers: RegisterStore;
  agencies: ReadonlyMap<string, AgencyAdapter>;
  anchors: TrustAnchors;
  revocation: RevocationDesk;
  evidence: EvidenceBook;
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
  const { storage, ledger, store, troubles, agencies, clock, log, onChange } = options;
  const news = createRelayNews(options);
  const judgeArrived = createPackageJudge({
    ...options,
    news,
    hasAgency: agencyId => agencies.has(agencyId),
  });
  const lost = createLostPackages(options);
  /** Cases that failed here though their package is whole: told once, left alone until the next start. */
  const failed = new Set<string>();
  const isSetAside = async (row: RelayRow) => failed.has(row.case_id) || (await lost.isLost(row));
  let stopped = false;

  // The judge and each agency have rounds of their own: a slow agency holds up nobody else.
  const judge = startLoop(async () => {
    await alone('judge', async () => {
      for (const row of await store.inState('package-awaited'))
        if ((await ledger.hasContent(row.package_sha256)) && !(await isSetAside(row)))
          await judgeArrived(row).then(onChange, error => setAside(row, error));
    });
    return options.pollMs;
  });
  const lines = [...agencies].map(([agencyId, adapter]) =>
    startAgencyLine({
      agencyId,
      store,
      alone: work => alone(agencyId, work),
      dialogue: createAgencyDialogue(agencyId, adapter, { ...options, news }),
      isSetAside,
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
    if (!(error instanceof AppError) || isAway(error)) throw error;
    log.error({ err: error, case: row.number }, 'a package cannot be read');
    const code = await lost.look(row);
    if (!code) failed.add(row.case_id);
    await troubles.raise(code ?? error.code, row.number);
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
      for (const adapter of agencies.values()) adapter.close();
      await Promise.all(ended);
    },
  };
}
