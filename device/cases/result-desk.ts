import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Me } from '../../protocol/api/people.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import { canonicalJson } from '../../protocol/canonical.ts';
import { type ErrorCode, isErrorCode } from '../../protocol/errors.ts';
import type { FactBody, FactType } from '../../protocol/facts.ts';
import { type PackageReport, verifyPackage } from '../../protocol/package/asice.ts';
import type { ByteSource } from '../../protocol/package/byte-source.ts';
import type { Register } from '../../protocol/register.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { Trust } from '../config/identity-files.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import type { Journal } from '../journal/journal.ts';
import type { CaseRow } from '../journal/projections/cases.ts';
import type { DocumentPrinter } from '../peripherals/driver.ts';
import type { DownHandlers } from '../sync/downlink.ts';
import type { CaseStore } from './case-store.ts';

/** What comes back for a case, and its way into the applicant's hands. */
export interface ResultDesk {
  down: Omit<DownHandlers, 'appointment' | 'destroyed'>;
  /** Makes a paper copy of the electronic result and prints it (LED-3.18). A failed print leaves the copy to be printed again. */
  makeCopy(me: Me, caseId: string): Promise<void>;
  printCopy(me: Me, caseId: string, copyNumber: number): Promise<void>;
  handOut(me: Me, caseId: string): Promise<void>;
  /** Whether a copy of this result could be issued now; null, or why not. */
  whyNoCopy(sha256: string): Promise<string | null>;
}

export function createResultDesk(parts: {
  journal: Journal;
  store: CaseStore;
  blobs: BlobStore;
  register: RegisterHolder;
  printer: DocumentPrinter;
  trust: Trust;
  config: BoxConfig;
  publicUrl: () => string;
  clock: Clock;
  log: Log;
}): ResultDesk {
  const { journal, store, blobs, register, printer, trust, config, clock, log } = parts;

  /** Registers that came and are not on the disk yet, by digest: the branch works by one only when a start finds it. */
  const parsed = new Map<string, Register>();
  journal.onCommit(facts => {
    for (const { type, body } of facts) {
      if (type !== 'register.adopted') continue;
      const { sha256 } = (body as FactBody<'register.adopted'>).content;
      const next = parsed.get(sha256);
      if (next && next.version > register.version()) register.adopt(next);
      parsed.delete(sha256);
    }
  });

  const verify = (source: ByteSource) =>
    verifyPackage(source, {
      documentAnchors: trust.officers,
      containerAnchors: trust.agencySystems,
      at: clock.now(),
    });

  /** Verifies a result as of this moment and gives it to `use`. Throws `case.copy-refused` when it does not pass. */
  async function withVerified<T>(
    sha256: string,
    use: (container: ByteSource, report: PackageReport) => Promise<T>,
  ): Promise<T> {
    const container = await blobs.open(sha256).catch((error: unknown) => {
      const code = codeOf(error);
      if (code !== 'journal.blob-missing' && code !== 'journal.blob-corrupt') throw error;
      throw new AppError('case.copy-refused', { reason: 'HASH_FAILURE' }, { cause: error });
    });
    try {
      const report = await verify(container);
      if (report.verdict !== 'passed')
        throw new AppError('case.copy-refused', { reason: report.reasons.join(', ') });
      return await use(container, report);
    } finally {
      container.close();
    }
  }

  async function printCopy(me: Me, caseId: string, copyNumber: number): Promise<void> {
    const row = store.getCase(caseId);
    const copy = store.copies(caseId).find(candidate => candidate.copy_number === copyNumber);
    if (!copy) throw new AppError('internal.not-found');
    // A certificate may have been revoked since the copy was made.
    const pdf = await withVerified(copy.result_sha256, () => blobs.get(copy.pdf_sha256));
    const { jobId, printer: name } = await printer.print(pdf, {
      title: `${row.number}, экземпляр ${copyNumber}`,
    });
    await journal.commit([
      {
        type: 'case.paper-copy-printed',
        subject: caseId,
        body: { copyNumber, printer: name, jobId, clerk: me.login },
      },
    ]);
  }

  /** Whether these words were heard before: after a copy was put back, the centre says everything again. */
  function isHeard(row: CaseRow, type: FactType, body: { downSeq: number }): boolean {
    const words = (said: object) => canonicalJson({ ...said, downSeq: 0 });
    return journal
      .history(row.id, row.ticket_id)
      .some(fact => fact.type === type && words(fact.body) === words(body));
  }

  return {
    down: {
      status({ caseId, code, ...said }, downSeq) {
        const row = store.findCase(caseId);
        if (!row) {
          log.error({ downSeq }, 'the centre spoke of a case that is not here');
          return [];
        }
        const known: ErrorCode | undefined = isErrorCode(code) ? code : undefined;
        // Members that only a newer centre knows stay with the fact (F23).
        const body = { ...said, downSeq, ...(known && { code: known }) };
        if (isHeard(row, 'case.status-received', body)) return [];
        return [{ type: 'case.status-received', subject: caseId, body }];
      },
      async result({ caseId, result, ...said }, downSeq) {
        const row = store.findCase(caseId);
        if (!row) {
          log.error({ downSeq }, 'the centre sent a result of a case that is not here');
          return [];
        }
        const received = { ...said, result, verdict: 'passed' as const, downSeq };
        // A result that was handed out must not wait to be handed out again.
        if (isHeard(row, 'case.result-received', received)) return [];
        // LED-3.12: believed only when the officer's signature holds here too.
        const source = await blobs.open(result.sha256);
        const report = await verify(source).finally(source.close);
        return report.verdict === 'passed'
          ? [
              {
                type: 'case.result-received',
                subject: caseId,
                body: received,
              },
            ]
          : [
              {
                type: 'case.result-refused',
                subject: caseId,
                body: {
                  result,
                  code: report.verdict === 'failed' ? 'package.verification-failed' : 'package.indeterminate',
                  reason: report.reasons.join(', ').slice(0, 200),
                  downSeq,
                },
              },
            ];
      },
      async register({ content }) {
        const bytes = await blobs.get(content.sha256);
        const next = register.parse(bytes);
        if (next.version <= register.version()) return [];
        parsed.set(content.sha256, next);
        return [
          {
            type: 'register.adopted',
            subject: config.box,
            body: { version: next.version, content },
          },
        ];
      },
    },

    async makeCopy(me, caseId) {
      const row = store.getCase(caseId);
      if (!row.result_sha256) throw new AppError('case.no-result');
      const copyNumber = store.copies(caseId).length + 1;
      // With it comes a PDF library that a box without results need not hold in memory.
      const { makePaperCopy } = await import('../results/paper-copy.ts');
      const { pdf, pages } = await withVerified(row.result_sha256, (container, report) =>
        makePaperCopy({
          container,
          report,
          branch: { name: config.branch.name.ru, address: config.branch.address.ru },
          clerk: { name: me.name, post: me.post },
          title: register.get().services.find(({ id }) => id === row.service_id)?.resultTitle.ru,
          caseNumber: row.number,
          copyNumber,
          madeAt: clock.now(),
          timeZone: config.branch.timeZone,
          checkUrl: `${parts.publicUrl()}/check/${row.result_sha256}`,
        }),
      );
      const blob = await blobs.put(pdf, 'application/pdf');
      if (store.copies(caseId).length + 1 !== copyNumber)
        throw new AppError('case.wrong-state', { number: row.number, state: row.state });
      await journal.commit([
        {
          type: 'case.paper-copy-made',
          subject: caseId,
          body: { copyNumber, pdf: blob, result: row.result_sha256, pages, clerk: me.login },
        },
      ]);
      await printCopy(me, caseId, copyNumber);
    },
    printCopy,
    async whyNoCopy(sha256) {
      try {
        return await withVerified(sha256, async () => null);
      } catch (error) {
        if (error instanceof AppError && error.code === 'case.copy-refused')
          return String(error.details.reason);
        throw error;
      }
    },
    async handOut(me, caseId) {
      const row = store.getCase(caseId);
      if (row.state === 'handed-out') return;
      const copy = store
        .copies(caseId)
        .findLast(
          candidate => candidate.printed_on !== null && candidate.result_sha256 === row.result_sha256,
        );
      if (row.state !== 'result-ready' || !copy)
        throw new AppError('case.wrong-state', { number: row.number, state: row.state });
      await journal.commit([
        {
          type: 'case.result-handed-out',
          subject: caseId,
          body: { copyNumber: copy.copy_number, clerk: me.login },
        },
      ]);
    },
  };
}
