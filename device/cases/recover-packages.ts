import { createHash } from 'node:crypto';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Log } from '../../platform/log.ts';
import { codeOf } from '../../protocol/app-error.ts';
import type { NewFact } from '../../protocol/facts.ts';
import { isPackage, readPackage, verifyPackage } from '../../protocol/package/asice.ts';
import type { ByteSource } from '../../protocol/package/byte-source.ts';
import { type PackageMetadata, packageMediaType, readMetadata } from '../../protocol/package/metadata.ts';
import { oids } from '../../protocol/signature/oids.ts';
import type { Trust } from '../config/identity-files.ts';
import type { BoxState } from '../journal/box-state.ts';
import type { Journal } from '../journal/journal.ts';
import type { CaseStore } from './case-store.ts';

/** A package that was sent, or was about to be; `packedAt` as UTC text, which sorts by time. */
interface Found {
  caseId: string;
  sha256: string;
  packedAt: string;
  facts: NewFact[];
}

/** Key of the box's state: the epoch for which this was done. */
const doneFor = 'packages-recovered';

/**
 * After a database was lost, the packages that it spoke of still lie among the blobs, sealed and complete.
 * Each whose case is unknown, or known and not sent, is written into the new epoch once more, so that the
 * centre gets what it may not have had; what it had, it has still once (F02). A power cut in between, or a
 * package that could not be written, begins anew at the next start and finds the rest; the box starts in any
 * case. Does nothing while the epoch began for another reason.
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
  const newest = new Map<string, Found>();
  let isWhole = true;
  const cannot = (sha256: string) => (error: unknown) => {
    // It stays where it is, and the others must not wait for it.
    log.error({ code: codeOf(error), sha256 }, 'a package cannot be recovered');
  };
  for await (const sha256 of blobs.digests()) {
    const found = await read(sha256).catch(cannot(sha256));
    if (!found) continue;
    const other = newest.get(found.caseId);
    if (!other || other.packedAt < found.packedAt) newest.set(found.caseId, found);
  }
  let recovered = 0;
  for (const { sha256, facts } of newest.values())
    try {
      await journal.commit(facts);
      recovered++;
    } catch (error) {
      cannot(sha256)(error);
      isWhole = false;
    }
  if (isWhole)
    await journal
      .commit([], () => boxState.set(doneFor, journal.epoch))
      .catch(error => log.error({ code: codeOf(error) }, 'packages will be looked through again'));
  if (recovered > 0) log.warn({ recovered }, 'packages of lost records were written into the journal again');
  return recovered;

  async function start(sha256: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of blobs.read(sha256, { start: 0, end: 99 })) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  }

  async function read(sha256: string): Promise<Found | undefined> {
    if (!isPackage(await start(sha256))) return undefined;
    const source = await blobs.open(sha256);
    return await foundIn(source, sha256).finally(source.close);
  }

  async function foundIn(source: ByteSource, sha256: string): Promise<Found | undefined> {
    const { documents, metadata } = readPackage(source);
    const about = readMetadata(metadata);
    // Results of agencies are packages too.
    if (!about || about.branchId !== box) return undefined;
    const known = store.findCase(about.caseId);
    if (known?.package_id) return undefined;
    const { verdict, reasons } = await verifyPackage(source, {
      documentAnchors: trust.clerks,
      containerAnchors: trust.boxes,
      at: now,
    });
    if (verdict === 'failed') throw new Error(reasons.join(', '));
    const files = [];
    for (const { documentId, kind, name, signatureFile } of about.documents)
      for (const file of [name, signatureFile]) {
        if (file === undefined) continue;
        const document = documents.find(each => each.name === file);
        const pdf = Buffer.from((await document?.content.digest(oids.sha256)) ?? '').toString('hex');
        files.push({ documentId, kind, pdf, signature: digest(document?.signature) });
      }
    const sent: NewFact = {
      type: 'case.sent',
      subject: about.caseId,
      body: {
        packageId: about.packageId,
        package: { sha256, sizeBytes: source.sizeBytes, mediaType: packageMediaType },
        documents: files,
        clerk: about.clerk.login,
        recovered: true,
      },
    };
    return {
      caseId: about.caseId,
      sha256,
      packedAt: about.packedAt ?? about.openedAt,
      facts: known ? [sent] : [opened(about), sent],
    };
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
