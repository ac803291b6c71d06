import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { qpdf } from '../../../platform/paper/qpdf.ts';
import { AppError } from '../../../protocol/app-error.ts';
import { type PackageReport, readPackage, verifyPackage } from '../../../protocol/package/asice.ts';
import type { ByteSource } from '../../../protocol/package/byte-source.ts';
import { readMetadata } from '../../../protocol/package/metadata.ts';
import { coverSheets, signatureSheets } from './cover-sheets.ts';
import { type DocumentPages, pagesOf } from './document-pages.ts';
import type { ReadableDone, ReadableJob, ShownDocument } from './readable-job.ts';

const damaged: DocumentPages = { kind: 'not-shown', remark: 'Файл повреждён.' };

type Read = ReturnType<typeof readPackage>;

/**
 * Writes the readable copy of a container into `folder` as `target` (LED-3.10): what it is and how it was
 * verified, the pages of each document, and the data of all signatures. PDF/A-2b; the same input gives the same
 * bytes. A container that is damaged gets a copy that says so. Throws `setup.package-missing`.
 */
export async function writeReadableCopy(
  container: ByteSource,
  job: ReadableJob,
  folder: string,
  target: string,
): Promise<ReadableDone> {
  const at = new Date(job.keptAt);
  const der = (anchors: string[]) => anchors.map(each => new Uint8Array(Buffer.from(each, 'base64')));
  const report = await verifyPackage(container, {
    documentAnchors: der(job.anchors.documents),
    containerAnchors: der(job.anchors.containers),
    at,
  });
  const read = readOrNothing(container);
  const pages: DocumentPages[] = [];
  const digests: (string | null)[] = [];
  for (const [index, document] of (read?.documents ?? []).entries()) {
    const own = join(folder, String(index));
    await mkdir(own, { mode: 0o700 });
    const { name, content } = document;
    const bytes = await wholeOf(content);
    digests.push(bytes ? createHash('sha256').update(bytes).digest('hex') : null);
    pages.push(bytes ? await pagesOf({ name, bytes }, at, own) : damaged);
  }

  // The cover says where everything is, itself included: it is written until its own length agrees.
  const sum = pages.reduce((total, each) => total + (each.kind === 'shown' ? each.pages : 0), 0);
  let cover: Awaited<ReturnType<typeof coverSheets>> = { pdf: new Uint8Array(), pages: 1 };
  let documents: ShownDocument[] = [];
  for (let assumed = 0; assumed !== cover.pages; ) {
    assumed = cover.pages;
    documents = read ? placed(read, report, job, pages, digests, assumed) : [];
    cover = await coverSheets(job, report, documents, assumed + sum + 1);
  }
  const signatures = await signatureSheets(job, report, documents, cover.pages + sum + 1);
  const [coverFile, signaturesFile] = [join(folder, 'cover.pdf'), join(folder, 'signatures.pdf')];
  await writeFile(coverFile, cover.pdf);
  await writeFile(signaturesFile, signatures.pdf);
  const shown = pages.flatMap(each => (each.kind === 'shown' ? [each.file] : []));
  const all = [coverFile, ...shown, signaturesFile].flatMap(file => [file, '1-z']);
  // Metadata, and with them the claim to be PDF/A, are those of the cover.
  await qpdf([coverFile, '--pages', ...all, '--', '--deterministic-id', '--remove-page-labels', target]);
  return { pages: cover.pages + sum + signatures.pages, verdict: report.verdict };
}

function readOrNothing(container: ByteSource): Read | undefined {
  try {
    return readPackage(container);
  } catch (error) {
    if (error instanceof AppError && error.code === 'package.malformed') return undefined;
    throw error;
  }
}

/** Undefined when it is not what the container says: the verdict tells that as well. */
async function wholeOf(content: Read['documents'][number]['content']): Promise<Uint8Array | undefined> {
  try {
    return await content.bytes();
  } catch (error) {
    if (error instanceof AppError && error.code === 'package.malformed') return undefined;
    throw error;
  }
}

function placed(
  { documents, metadata }: Read,
  report: PackageReport,
  { titles, kind }: ReadableJob,
  pages: readonly DocumentPages[],
  digests: readonly (string | null)[],
  coverPages: number,
): ShownDocument[] {
  const about = readMetadata(metadata)?.documents ?? [];
  let next = coverPages + 1;
  return documents.map(({ name, content }, index) => {
    const made = pages[index];
    const sha256 = digests[index] ?? null;
    const signature = report.documents.find(each => each.name === name) ?? report.container;
    const known = about.find(each => each.name === name)?.kind;
    const fallback = kind === 'result' ? 'Документ ведомства' : name;
    const shown: ShownDocument = {
      ...{ name, signature, pages: null, remark: made?.remark ?? null, sha256, sizeBytes: content.sizeBytes },
      title: known === undefined ? fallback : (titles[known] ?? known),
    };
    if (made?.kind !== 'shown') return shown;
    const from = next;
    next += made.pages;
    return { ...shown, pages: { from, to: next - 1 } };
  });
}
