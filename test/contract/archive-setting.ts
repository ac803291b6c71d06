import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { openActs } from '../../central/archive/acts.ts';
import { createArchiveIntake } from '../../central/archive/archive-intake.ts';
import { createCarryOut } from '../../central/archive/carry-out.ts';
import { openHolds } from '../../central/archive/holds.ts';
import type { Person } from '../../central/archive/people.ts';
import { openCaseBook } from '../../central/cases/case-book.ts';
import { openEvidenceBook } from '../../central/evidence/evidence-book.ts';
import { openContentHolders } from '../../central/ledger/content-holders.ts';
import { type BlobStore, openBlobStore } from '../../platform/blob-store.ts';
import type { Register } from '../../protocol/register.ts';
import seed from '../../provisioning/demonstration/register.json' with { type: 'json' };
import type { openBooks } from '../fixtures/books.ts';
import { type TestClock, testClock } from '../fixtures/test-clock.ts';
import { folder } from './sync-setting.ts';

export const timeZone = 'Asia/Novosibirsk';
const person = (login: string, name: string): Person => ({
  login,
  name,
  post: 'Архивариус',
  role: 'archivist',
});
export const anna = person('anna', 'Архивова Анна Примеровна');
export const boris = person('boris', 'Хранилов Борис Тестович');
export const services = { year: 'housing-subsidy', five: 'passport-issue', permanent: 'foreign-passport' };

/** The demonstration's register, with terms of three kinds. */
const terms: Record<string, string> = { [services.five]: 'P5Y', [services.permanent]: 'permanent' };
export const register = {
  ...seed,
  services: seed.services.map(service => ({
    ...service,
    ...(terms[service.id] && { retention: terms[service.id] }),
  })),
} as Register;

/** An archive over these books, at 22 November 2026, whose content lies in a folder of its own. */
export async function openArchive(
  t: TestContext,
  books: ReturnType<typeof openBooks>,
  given: { blobs?: BlobStore; clock?: TestClock } = {},
) {
  const { storage, ledger, downLogs } = books;
  const blobs = given.blobs ?? (await openBlobStore(await folder(t)));
  const clock = given.clock ?? testClock('2026-11-22T06:00:00.000Z');
  const book = openCaseBook(storage, clock);
  const holders = openContentHolders(storage);
  const evidence = openEvidenceBook(storage, clock, { stamps: true });
  const about = { storage, blobs, book, downLogs, holders, evidence, timeZone, clock };
  const intake = createArchiveIntake({ ...about, register: async () => register });
  const carryOut = createCarryOut(about);

  /** A case with a package and a result, not handed out yet. */
  async function arrive(wish: { serviceId?: string; package?: Buffer; result?: Buffer } = {}) {
    const caseId = randomUUID();
    const bytes = {
      package: wish.package ?? Buffer.from(`package ${caseId}`),
      result: wish.result ?? Buffer.from(`result ${caseId}`),
    };
    const at = clock.now().toISOString();
    const { query } = storage;
    const number = `ПР-${caseId.slice(0, 6)}`;
    await query
      .insertInto('cases')
      .values({
        ...{ id: caseId, box: 'mfc-041', number, service_id: wish.serviceId ?? services.year },
        ...{ ticket_id: randomUUID(), opened_at: at, state: 'sent' },
      })
      .execute();
    const digests = { package: '', result: '' };
    for (const kind of ['package', 'result'] as const) {
      const blob = await blobs.put(bytes[kind], 'application/vnd.etsi.asic-e+zip');
      await ledger.contentArrived(blob);
      digests[kind] = blob.sha256;
    }
    await query
      .insertInto('relays')
      .values({
        ...{ case_id: caseId, box: 'mfc-041', request_id: randomUUID(), package_sha256: digests.package },
        ...{ package_bytes: bytes.package.length, package_media_type: 'x', sent_by_box_at: at },
        ...{ state: 'result-ready', verdict: 'passed', result_sha256: digests.result },
        ...{ result_bytes: bytes.result.length, result_verdict: 'passed' },
      })
      .execute();
    for (const [event, content] of [
      ['package-verified', digests.package],
      ['result-received', digests.result],
    ] as const)
      await book.add(storage, caseId, { event, by: 'centre', content });
    return { caseId, number, ...digests };
  }

  const handOut = (caseId: string, at = clock.now().toISOString()) =>
    storage.query
      .updateTable('cases')
      .set({ state: 'handed-out', handed_out_at: at })
      .where('id', '=', caseId)
      .execute();

  const entries = (caseId: string) =>
    storage.query
      .selectFrom('archive_entries')
      .selectAll()
      .where('case_id', '=', caseId)
      .orderBy('kind')
      .execute();
  const events = async (caseId: string) => (await book.events(caseId)).map(({ event }) => event);

  return {
    ...{ storage, blobs, clock, book, intake, carryOut, arrive, handOut, entries, events, downLogs, ledger },
    evidence,
    acts: openActs(about),
    holds: openHolds(storage, book, clock),
  };
}
