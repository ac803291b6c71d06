import assert from 'node:assert/strict';
import { createHash, createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import PDFDocument from 'pdfkit';
import { openCaseBook } from '../../central/cases/case-book.ts';
import { createCaseViews } from '../../central/cases/case-views.ts';
import { openEvidenceBook } from '../../central/evidence/evidence-book.ts';
import { noRevocationDesk, type RevocationDesk } from '../../central/evidence/revocation-desk.ts';
import { openContentHolders } from '../../central/ledger/content-holders.ts';
import { openRegisterStore } from '../../central/registry/register-store.ts';
import type { AgencyAdapter } from '../../central/relay/adapter.ts';
import { gatewayAdapter } from '../../central/relay/adapters/gateway.ts';
import { startRelay } from '../../central/relay/relay.ts';
import { openRelayStore } from '../../central/relay/relay-store.ts';
import type { TrustAnchors } from '../../central/relay/verification.ts';
import type { Storage } from '../../central/storage/storage.ts';
import { type BlobStore, openBlobStore } from '../../platform/blob-store.ts';
import { systemClock } from '../../platform/clock.ts';
import { buildPackage } from '../../protocol/package/asice.ts';
import { type PackageMetadata, packageFormat } from '../../protocol/package/metadata.ts';
import { buildCades, signWithKey } from '../../protocol/signature/cades.ts';
import { createAuthority, type IssuedCertificate } from '../../provisioning/certificates/authority.ts';
import seed from '../../provisioning/demonstration/register.json' with { type: 'json' };
import { blobOf, type openBooks, openTestCentre, openTestJournal, silentLog } from '../fixtures/books.ts';
import { type AgencySystem, startAgencySystem } from '../simulators/agency-system/agency-system.ts';
import { folder, identityOf, network, until } from './sync-setting.ts';

const algorithm = 'ecdsa-p256-sha256';
export const clerks = await createAuthority('Удостоверяющий центр специалистов');
export const boxes = await createAuthority('Печати устройств');
export const clerk = await clerks.issue({
  commonName: 'Примерова Проба Тестовна',
  usage: 'signing',
  days: 2,
});
const seal = await boxes.issue({ commonName: 'mfc-041', usage: 'signing', days: 2 });
const client = await identityOf(network, 'centre');

export const box = 'mfc-041';
/** A service whose agreement is in force, and one that has none. */
export const services = { covered: 'housing-subsidy', uncovered: 'heavy-vehicle-permit' };

const signed = (content: Uint8Array, by: IssuedCertificate) =>
  buildCades({
    contentDigest: createHash('sha256').update(content).digest(),
    certificate: by.certificateDer,
    signingTime: new Date(),
    algorithm,
    sign: signWithKey(createPrivateKey(by.privateKey ?? ''), algorithm),
  });

interface Packed {
  caseId: string;
  caseNumber: string;
  packageId: string;
  documentId: string;
  serviceId: string;
  pdf: Uint8Array;
  more: PackedFile[];
}

interface PackedFile {
  name: string;
  mediaType: string;
  bytes: Uint8Array;
}

async function makePackage({ pdf: bytes, documentId, more, ...about }: Packed): Promise<Uint8Array> {
  const name = '01-application.pdf';
  const files: PackedFile[] = [{ name, mediaType: 'application/pdf', bytes }, ...more];
  return await buildPackage({
    documents: await Promise.all(
      files.map(async file => ({ ...file, signature: await signed(file.bytes, clerk) })),
    ),
    metadata: {
      ...about,
      ...{ format: packageFormat, branchId: box, agencyId: 'housing', ticketId: randomUUID() },
      ...{ registerVersion: 1, openedAt: '2026-11-22T06:00:00.000Z', window: '1' },
      clerk: { login: 'clerk', name: 'Окошкина Анна Примеровна', post: 'Специалист' },
      documents: [{ name, documentId, kind: 'application', pages: 1, fields: [] }],
    } satisfies PackageMetadata,
    signManifest: manifest => signed(manifest, seal),
  });
}

/** A real one, a line a page. */
export async function pdfOf(lines: string[]): Promise<Uint8Array> {
  const pdf = new PDFDocument({ autoFirstPage: false });
  const bytes = buffer(pdf);
  for (const line of lines) pdf.addPage().text(line);
  pdf.end();
  return await bytes;
}

/** An agency's system with a clock that makes each step at once. */
export async function agency(t: TestContext): Promise<AgencySystem> {
  const system = await startAgencySystem({
    dir: await folder(t),
    title: 'Ведомство для проверки',
    packageAnchors: [clerks.certificateDer],
    containerAnchors: [boxes.certificateDer],
    clientCa: network.certificate,
    stepMs: 1,
  });
  t.after(() => system.close());
  return system;
}

/** The real adapter of one agency. */
export const gatewayTo = (system: AgencySystem, id: string): AgencyAdapter =>
  gatewayAdapter({ baseUrl: `${system.url}/${id}`, tls: { ...client, ca: system.ca }, timeoutMs: 5000 });

/** Whom a centre believes that speaks with this agency. */
export function trustOf(system: AgencySystem): TrustAnchors {
  const officers = [new Uint8Array(new X509Certificate(system.officerCa).raw)];
  const [clerkAuthority, boxAuthority] = [[clerks.certificateDer], [boxes.certificateDer]];
  return { clerks: clerkAuthority, boxes: boxAuthority, officers, agencySystems: officers };
}

/** A centre's relay with its books in a folder; started again there it goes on. */
export async function startRelaying(
  t: TestContext,
  dir: string,
  system: AgencySystem,
  adapters: Record<string, AgencyAdapter> = {},
  books?: ReturnType<typeof openBooks>,
  proofs?: (storage: Storage, blobs: BlobStore) => { revocation: RevocationDesk; stamps: boolean },
) {
  const centre = books ?? (await openTestCentre(join(dir, 'centre.db')));
  const { storage, ledger } = centre;
  const blobs = await openBlobStore(join(dir, 'blobs'));
  const registers = openRegisterStore({ ...centre, blobs, clock: systemClock });
  await registers.publish(seed, []);
  const book = openCaseBook(storage, systemClock);
  const { revocation, stamps } = proofs?.(storage, blobs) ?? { revocation: noRevocationDesk, stamps: false };
  const evidence = openEvidenceBook(storage, systemClock, { stamps });
  const anchors = trustOf(system);
  const gateways = seed.agencies.map(({ id }): [string, AgencyAdapter] => [
    id,
    adapters[id] ?? gatewayTo(system, id),
  ]);
  const relay = startRelay({
    ...centre,
    blobs,
    registers,
    book,
    store: openRelayStore(storage),
    holders: openContentHolders(storage),
    agencies: new Map(gateways),
    anchors,
    revocation,
    evidence,
    timeZone: 'Europe/Moscow',
    pollMs: 20,
    clock: systemClock,
    log: silentLog,
    onChange: () => {},
  });
  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    await relay.stop();
    await storage.close();
  };
  t.after(stop);
  const views = createCaseViews({ storage, book, register: registers.current });
  return {
    ...centre,
    ledger,
    blobs,
    registers,
    relay,
    views,
    revocation,
    evidence,
    officers: anchors.officers,
    stop,
  };
}

export type Relaying = Awaited<ReturnType<typeof startRelaying>>;

export interface SentCase {
  caseId: string;
  documentId: string;
  number: string;
  packageId: string;
  sha256: string;
  /** The content comes; until then only its name is known. */
  deliver(to: Relaying): Promise<void>;
}

let running = 0;

/** A case that a box sent, as facts in the ledger. */
export async function sendCase(
  centre: Relaying,
  change: {
    serviceId?: string;
    tamper?: (bytes: Uint8Array) => Uint8Array;
    claimedNumber?: string;
    pdf?: Uint8Array;
    /** Further files of the package, each signed by the clerk. */
    more?: PackedFile[];
  } = {},
): Promise<SentCase> {
  const [caseId, packageId, documentId] = [randomUUID(), randomUUID(), randomUUID()];
  const { serviceId = services.covered } = change;
  const number = `ПР-041-2026-${String(++running).padStart(6, '0')}`;
  const made = await makePackage({
    ...{ caseId, caseNumber: change.claimedNumber ?? number, packageId, documentId, serviceId },
    more: change.more ?? [],
    pdf: change.pdf ?? Buffer.from(`%PDF-1.7 заявление ${randomUUID()}`),
  });
  const bytes = change.tamper?.(made) ?? made;
  const content = { ...blobOf(bytes), mediaType: 'application/vnd.etsi.asic-e+zip' };
  const { journal } = openTestJournal();
  const document = { documentId, kind: 'application', pdf: content.sha256, signature: content.sha256 };
  await journal.commit([
    {
      type: 'case.opened',
      subject: caseId,
      body: {
        number,
        serviceId,
        ticketId: randomUUID(),
        window: '1',
        clerk: 'clerk',
        registerVersion: 1,
      },
    },
    {
      type: 'case.sent',
      subject: caseId,
      body: {
        packageId,
        package: content,
        documents: [document, ...(change.more ?? []).map(() => document)],
        clerk: 'clerk',
      },
    },
  ]);
  await centre.ledger.accept([{ box, envelope: { v: 1, epoch: journal.epoch, facts: journal.read(0, 10) } }]);
  return {
    caseId,
    documentId,
    number,
    packageId,
    sha256: content.sha256,
    async deliver(to) {
      await to.blobs.put(bytes, content.mediaType);
      await to.ledger.contentArrived(content);
      to.relay.kick();
    },
  };
}

/** What the box was told of a case, in order. */
export const toldOf = async (centre: Relaying, caseId: string) =>
  (await centre.downLogs.entries(box, 0, 1000))
    .filter(({ body }) => body.caseId === caseId)
    .map(({ type, body }) => (type === 'case.status' ? String(body.status) : type));

export const inState = (centre: Relaying, { caseId }: SentCase, state: string) =>
  until(`${state}`, async () => (await centre.views.get(caseId)).state === state);

export function oneRegistration(system: AgencySystem, { packageId }: SentCase): void {
  const requests = system.requests().filter(({ request }) => request.requestId === packageId);
  assert.equal(requests.length, 1);
}
