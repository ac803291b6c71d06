import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pageCount, qpdf } from '../../platform/paper/qpdf.ts';
import { AppError } from '../../protocol/app-error.ts';
import { type PackageReport, readPackage } from '../../protocol/package/asice.ts';
import { type ByteSource, piecesIn, sourceOf } from '../../protocol/package/byte-source.ts';
import type { Entry } from '../../protocol/package/entry.ts';
import { verifyCades } from '../../protocol/signature/cades.ts';
import { type Certification, writeCertification } from './certification.ts';
import { sheetNumbers } from './sheet-numbers.ts';

export interface PaperCopyInput {
  /** A result of an agency as it was received: the ASiC-E container whose `report` says that it passed. */
  container: Uint8Array | ByteSource;
  report: PackageReport;
  /** What the document is called; without it, the names of its files. */
  title?: string | undefined;
  branch: { name: string; address: string };
  clerk: { name: string; post: string };
  caseNumber: string;
  copyNumber: number;
  /** When the copy is made and `report` was drawn up. */
  madeAt: Date;
  /** IANA name of the branch's zone. */
  timeZone: string;
  /** Address behind the QR code, where anybody may check the copy. */
  checkUrl: string;
}

/**
 * The paper copy of an electronic document (decree 250 of 18.03.2015, LED-3.18): the result's own pages
 * untouched, then the certification with the data of the signature, every sheet numbered. A4 PDF; the
 * same input gives the same bytes.
 *
 * Throws `package.verification-failed` unless every document of this very container passed,
 * `package.malformed` when a document is not a readable PDF, `setup.package-missing`.
 */
export async function makePaperCopy(input: PaperCopyInput): Promise<{ pdf: Uint8Array; pages: number }> {
  const documents = await verifiedDocuments(input);
  const folder = await mkdtemp(join(tmpdir(), 'okno-paper-copy-'));
  try {
    return await assemble(input, documents, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type VerifiedDocument = { content: Entry } & Pick<Certification['documents'][number], 'name' | 'signature'>;

/** The documents with the signature that covers each; a report on other bytes certifies nothing. */
async function verifiedDocuments({ container, report, madeAt }: PaperCopyInput): Promise<VerifiedDocument[]> {
  const failed = (reason: string) => new AppError('package.verification-failed', { reason });
  if (report.verdict !== 'passed') throw failed(report.reasons.join(', ') || report.verdict);
  const { documents } = readPackage(container);
  if (documents.length === 0 || documents.length !== report.documents.length)
    throw failed('the report is about another container');
  const verified: VerifiedDocument[] = [];
  for (const { name, content, signature } of documents) {
    const told = report.documents.find(candidate => candidate.name === name);
    if (!signature || told?.verdict !== 'passed' || !told.signer)
      throw failed('a document has no passed signature');
    // Trust was judged in the report. Without anchors this judges the rest: that the signature printed here is over these bytes.
    const here = await verifyCades({ signature, content, anchors: [], at: madeAt });
    const same = here.signer?.serial === told.signer.serial && here.signedAt === told.signedAt;
    if (here.verdict === 'failed' || !same) throw failed('the report is about another container');
    verified.push({ name, content, signature: { ...told, signer: told.signer } });
  }
  return verified;
}

async function assemble(
  input: PaperCopyInput,
  documents: VerifiedDocument[],
  folder: string,
): Promise<{ pdf: Uint8Array; pages: number }> {
  const files: string[] = [];
  const placed: Certification['documents'] = [];
  let sheets = 0;
  for (const [index, { name, content, signature }] of documents.entries()) {
    const file = join(folder, `${index}.pdf`);
    await writeFile(file, content.pieces(), { mode: 0o600 });
    const count = await pageCount(file);
    files.push(file);
    placed.push({ name, signature, sheets: { from: sheets + 1, to: sheets + count } });
    sheets += count;
  }

  const certification = await certify(input, placed, sheets);
  const total = sheets + certification.pages;
  const certificationFile = join(folder, 'certification.pdf');
  const numbersFile = join(folder, 'numbers.pdf');
  const copyFile = join(folder, 'copy.pdf');
  await writeFile(certificationFile, certification.pdf);
  const line = `Копия электронного документа · экземпляр № ${input.copyNumber} · дело № ${input.caseNumber}`;
  await writeFile(numbersFile, await sheetNumbers({ total, line, madeAt: input.madeAt }));
  // The certification comes first on the command line so that the copy has its title, not the original's.
  const pages = [...files, certificationFile].flatMap(file => [file, '1-z']);
  await qpdf([
    certificationFile,
    '--pages',
    ...pages,
    '--',
    '--overlay',
    numbersFile,
    '--',
    '--deterministic-id',
    copyFile,
  ]);
  return { pdf: await readFile(copyFile), pages: total };
}

/** The certification names the number of sheets that it is part of, so it is written until the two agree. */
async function certify(
  input: PaperCopyInput,
  documents: Certification['documents'],
  sheets: number,
): Promise<{ pdf: Uint8Array; pages: number }> {
  const { container, report, title, ...told } = input;
  const certification = {
    ...told,
    title: title ?? documents.map(({ name }) => name).join(', '),
    documents,
    containerSha256: sha256Of(sourceOf(container)),
  };
  const first = await writeCertification({ ...certification, total: sheets + 1 });
  if (first.pages === 1) return first;
  return writeCertification({ ...certification, total: sheets + first.pages });
}

function sha256Of(container: ByteSource): string {
  const hash = createHash('sha256');
  for (const piece of piecesIn(container)) hash.update(piece);
  return hash.digest('hex');
}
