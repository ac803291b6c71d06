import { createHash } from 'node:crypto';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Log } from '../../platform/log.ts';
import { codeOf } from '../../protocol/app-error.ts';
import type { NewFact } from '../../protocol/facts.ts';
import { isPackage, readPackage, verifyPackage } from '../../protocol/package/asice.ts';
import type { Trust } from '../config/identity-files.ts';
import type { BoxState } from '../journal/box-state.ts';
import type { Journal } from '../journal/journal.ts';
import type { CaseStore } from './case-store.ts';
import { type PackageMetadata, packageMediaType, readMetadata } from './package-metadata.ts';

/** Key of the box's state: the epoch for which this was done. */
const doneFor = 'packages-recovered';

/**
 * After a database was lost, the packages that it spoke of still lie among the blobs, sealed and complete.
 * Each whose case is unknown, or known and not sent, is written into the new epoch once more, so that the
 * centre gets what it may not have had; what it had, it has still once (F02). A power cut in between
 * begins anew and finds the rest. Does nothing while the epoch began for another reason.
 */
export async function recoverPackages(parts: {
  box: string;
  journal: Journal;
  boxState: BoxState;
  store: CaseStore;
  blobs: BlobStore;
  trust: Trust;
  now: Date;
  log: Log;
}): Promise<number> {
  const { box, journal, boxState, store, blobs, trust, now, log } = parts;
  if (!journal.lostRecords() || boxState.get(doneFor) === journal.epoch) return 0;
  let recovered = 0;
  for await (const sha256 of blobs.digests()) {
    const facts = await factsOf(sha256).catch((error: unknown): NewFact[] => {
      // It stays where it is, and the others must not wait for it.
      log.error({ code: codeOf(error), sha256 }, 'a package cannot be recovered');
      return [];
    });
    if (facts.length === 0) continue;
    await journal.commit(facts);
    recovered++;
  }
  await journal.commit([], () => boxState.set(doneFor, journal.epoch));
  if (recovered > 0) log.warn({ recovered }, 'packages of lost records were written into the journal again');
  return recovered;

  async function start(sha256: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of blobs.read(sha256, { start: 0, end: 99 })) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  }

  async function factsOf(sha256: string): Promise<NewFact[]> {
    if (!isPackage(await start(sha256))) return [];
    const bytes = await blobs.get(sha256);
    const { documents, metadata } = readPackage(bytes);
    const about = readMetadata(metadata);
    // Results of agencies are packages too.
    if (!about || about.branchId !== box) return [];
    const known = store.findCase(about.caseId);
    if (known?.package_id) return [];
    const { verdict, reasons } = await verifyPackage(bytes, {
      documentAnchors: trust.clerks,
      containerAnchors: trust.boxes,
      at: now,
    });
    if (verdict === 'failed') throw new Error(reasons.join(', '));
    const sent: NewFact = {
      type: 'case.sent',
      subject: about.caseId,
      body: {
        packageId: about.packageId,
        package: { sha256, sizeBytes: bytes.length, mediaType: packageMediaType },
        documents: about.documents.map(({ documentId, kind, name }) => {
          const document = documents.find(each => each.name === name);
          return { documentId, kind, pdf: digest(document?.bytes), signature: digest(document?.signature) };
        }),
        clerk: about.clerk.login,
        recovered: true,
      },
    };
    return known ? [sent] : [opened(about), sent];
  }
}

function opened({
  caseId,
  caseNumber,
  serviceId,
  ticketId,
  window,
  clerk,
  registerVersion,
}: PackageMetadata): NewFact {
  return {
    type: 'case.opened',
    subject: caseId,
    body: {
      number: caseNumber,
      serviceId,
      ticketId,
      window,
      clerk: clerk.login,
      registerVersion,
      recovered: true,
    },
  };
}

const digest = (bytes: Uint8Array | null | undefined) =>
  createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');
