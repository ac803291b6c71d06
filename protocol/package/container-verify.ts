import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../app-error.ts';
import { limits } from '../limits.ts';
import { earliestTerm, isGoodAt, type Term } from '../signature/algorithm-terms.ts';
import { verifyCms } from '../signature/cms-verify.ts';
import { verdictOf } from '../signature/conclude.ts';
import type { Content } from '../signature/content.ts';
import { termOfDigest } from '../signature/digests.ts';
import { type Reason, reasons } from '../signature/reasons.ts';
import type { SignatureVerdict } from '../signature/signature-verdict.ts';
import type { Trust } from '../signature/trust.ts';
import { type Verdict, worstOf } from '../signature/verdict.ts';
import { verifyXml } from '../xml-signature/verify.ts';
import type { ByteSource } from './byte-source.ts';
import { judgeContainerRecord } from './container-evidence.ts';
import { type ContainerLayout, layoutOf } from './container-layout.ts';
import { type ContainerStamp, judgeContainerStamps } from './container-stamps.ts';
import { entryOf } from './entry.ts';
import { malformed, type Oddity } from './malformed.ts';
import { type Manifest, nameOfUri, readManifest } from './manifest.ts';
import { openZip, readSmall, type ZipFile } from './zip-reader.ts';

export interface ContainerReport {
  kind: ContainerLayout['kind'];
  verdict: Verdict;
  /** Names of `reasons`, without repeats; empty when everything passed. */
  reasons: Reason[];
  signatures: ContainerSignature[];
  /** Every file that should be signed, and the signatures that speak for it. */
  files: { name: string; signedBy: string[] }[];
  /** Files that nobody signed. */
  uncovered: string[];
  /** What is unusual about the container but leads nobody astray, as codes. */
  oddities: string[];
  /** Why the container could not be read, as the `reason` of `package.malformed`; else null. */
  detail: string | null;
}

export interface ContainerSignature extends SignatureVerdict {
  /** Where the signature lies in the container. */
  file: string;
  format: 'CAdES' | 'XAdES' | 'time-stamp' | 'evidence-record';
  role: 'signer' | 'counter-signer' | 'time-stamp';
  /** Names of the files it speaks for. */
  covers: string[];
}

/** An opened container: its source, its files by name, and where to tell what is odd. */
interface Opened {
  source: ByteSource;
  byName: ReadonlyMap<string, ZipFile>;
  layout: ContainerLayout;
  trust: Trust;
  odd: Oddity;
}

/**
 * Judges an ASiC-E or ASiC-S container, or a ZIP file with signatures beside documents, made by any program
 * (ETSI EN 319 162-1). The weakest signature decides, and so does a file that nobody signed. Never throws on
 * bad bytes. Files are read piece by piece.
 */
export async function verifyContainer(source: ByteSource, trust: Trust): Promise<ContainerReport> {
  const oddities = new Set<string>();
  const odd: Oddity = reason => void oddities.add(reason);
  try {
    const { files } = openZip(source, odd);
    const layout = layoutOf(files, typeOf(source, files, odd), odd);
    const opened = { source, byName: new Map(files.map(file => [file.name, file])), layout, trust, odd };
    return { ...(await judge(opened)), oddities: [...oddities] };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'package.malformed') throw error;
    return {
      kind: 'zip',
      verdict: 'failed',
      reasons: ['FORMAT_FAILURE'],
      signatures: [],
      files: [],
      uncovered: [],
      oddities: [...oddities],
      detail: String(error.details.reason),
    };
  }
}

/** EN 319 162-1 annex A.1: first, stored, without extra fields. Others may lack it, which changes no signature. */
function typeOf(source: ByteSource, files: ZipFile[], odd: Oddity): string | null {
  const file = files.find(({ name }) => name === 'mimetype');
  if (!file) {
    odd('mimetype-missing');
    return null;
  }
  if (file !== files[0] || !file.stored || file.hasExtras) odd('mimetype');
  return Buffer.from(readSmall(source, file, limits.entryNameBytes, 'mimetype'))
    .toString('latin1')
    .trim();
}

async function judge(opened: Opened): Promise<Omit<ContainerReport, 'oddities'>> {
  const { layout } = opened;
  const signatures: ContainerSignature[] = [];
  const manifests = layout.manifests.map(file => ({ file, ...manifestOf(opened, file) }));
  const frames: Frame[] = [];
  for (const file of [...layout.cades, ...layout.stamps, ...layout.evidenceRecords]) {
    const own = manifests.filter(({ signatureName }) => signatureName === file.name);
    if (own.length > 1) throw malformed('manifest-ambiguous');
    frames.push(await frameOf(opened, file, own[0] ?? null));
    await nextTurn();
  }
  const records = await judgeRecords(opened, frames);
  const stamps = await judgeStamps(opened, frames, records.since);
  // What a trusted stamp covers is judged for the time of the stamp.
  const under = (file: ZipFile) => ({
    ...opened,
    trust: { ...opened.trust, provenAt: stamps.provenAt(file.name) },
  });
  for (const frame of frames.filter(({ file }) => layout.cades.includes(file)))
    signatures.push(...(await judgeFramed(under(frame.file), frame)));
  signatures.push(...stamps.signatures, ...records.signatures);
  for (const { signature, document } of layout.beside)
    signatures.push(...(await judgeCades(under(signature), signature, document, [document.name])));
  for (const file of layout.xades) signatures.push(...(await judgeXades(under(file), file)));
  const signed = new Set(frames.map(({ file }) => file.name));
  const found = new Set<Reason>(signatures.filter(isDeciding).flatMap(({ reason }) => reason ?? []));
  // A manifest whose signature was taken away.
  if (manifests.some(({ signatureName }) => !signed.has(signatureName))) found.add('FORMAT_FAILURE');
  const files = layout.data.map(({ name }) => ({
    name,
    signedBy: signatures.filter(({ covers }) => covers.includes(name)).map(({ file }) => file),
  }));
  const isJudged = [...signatures.map(({ reason }) => reason), ...found].every(
    reason => reason !== 'FORMAT_NOT_SUPPORTED',
  );
  // Anybody gets a stamp over anything: beside signatures it signs no file, only evidence (EN 319 162-1 annex A.7).
  const speaksFor =
    (name: string) =>
    ({ role, covers }: ContainerSignature, _: number, all: ContainerSignature[]) =>
      covers.includes(name) &&
      (role !== 'time-stamp' ||
        name.startsWith('META-INF/') ||
        all.every(each => each.role === 'time-stamp'));
  const uncovered = isJudged
    ? files.map(({ name }) => name).filter(name => !signatures.some(speaksFor(name)))
    : [];
  if (uncovered.length > 0) found.add('UNCOVERED_ENTRY');
  if (signatures.length === 0 && isJudged) found.add('NO_SIGNATURE');
  return {
    kind: layout.kind,
    verdict: worstOf([...found].map(reason => reasons[reason].verdict)),
    reasons: [...found],
    signatures,
    files,
    uncovered,
    detail: null,
  };
}

/**
 * A stamp that is not trusted here proves nothing, and takes nothing from the signatures beside it; the same holds for an
 * evidence record, even a broken one.
 */
function isDeciding(own: ContainerSignature, _: number, all: ContainerSignature[]): boolean {
  if (own.role !== 'time-stamp' || all.every(({ role }) => role === 'time-stamp')) return true;
  return own.verdict === 'failed' && own.format === 'time-stamp';
}

function manifestOf(opened: Opened, file: ZipFile): Manifest {
  return readManifest(signatureIn(opened, file), opened.odd);
}

/** A signature or a stamp in META-INF, and what it is about: a manifest, or the only file of an ASiC-S. */
interface Frame {
  file: ZipFile;
  /** Null when it is not there, or when several files might be meant. */
  signed: ZipFile | null;
  covers: string[];
  /** Why what is signed is not there or not as the manifest says. */
  reason: Reason | null;
  /** Until when the digests of the manifest were good enough. */
  goodUntil: Term;
}

async function frameOf(
  opened: Opened,
  file: ZipFile,
  manifest: (Manifest & { file: ZipFile }) | null,
): Promise<Frame> {
  if (manifest) {
    const covers = manifest.references.map(({ name }) => name);
    const goodUntil = earliestTerm(...manifest.references.map(({ digestOid }) => termOfDigest(digestOid)));
    return { file, signed: manifest.file, covers, reason: await whyNotAsSaid(opened, manifest), goodUntil };
  }
  const whole = { file, goodUntil: null };
  const [only, ...others] = opened.layout.data;
  if (!only) return { ...whole, signed: null, covers: [], reason: 'SIGNED_DATA_NOT_FOUND' };
  if (others.length > 0) return { ...whole, signed: null, covers: [], reason: 'FORMAT_FAILURE' };
  return { ...whole, signed: only, covers: [only.name], reason: null };
}

async function judgeFramed(
  opened: Opened,
  { file, signed, covers, reason, goodUntil }: Frame,
): Promise<ContainerSignature[]> {
  if (!signed) return [{ ...verdictOf(reason ?? 'SIGNED_DATA_NOT_FOUND'), ...placeOf(file) }];
  const judged = await judgeCades(opened, file, signed, covers);
  return judged.map(each => {
    const at = each.provenAt === null ? opened.trust.at : new Date(each.provenAt);
    const why = reason ?? (isGoodAt(goodUntil, at) ? null : 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE');
    return why ? { ...each, ...worse(each, why) } : each;
  });
}

/** Evidence records, and since when they prove each of their files. */
async function judgeRecords(opened: Opened, frames: readonly Frame[]) {
  const signatures: ContainerSignature[] = [];
  const since = new Map<string, Date>();
  for (const { file, covers, reason } of frames) {
    if (!opened.layout.evidenceRecords.includes(file)) continue;
    const files = covers.flatMap(name => opened.byName.get(name) ?? []);
    const covered = files.map(each => entryOf(opened.source, each));
    const record = { file: file.name, bytes: signatureIn(opened, file), covered, reason };
    const verdict = await judgeContainerRecord(record, opened.trust);
    if (verdict.reason !== null)
      opened.odd(
        verdict.reason === 'FORMAT_NOT_SUPPORTED'
          ? 'evidence-record-not-checked'
          : 'evidence-record-not-trusted',
      );
    const place = { file: file.name, format: 'evidence-record', role: 'time-stamp' } as const;
    signatures.push({ ...verdict, ...place, covers });
    const at = verdict.provenAt === null ? null : new Date(verdict.provenAt);
    for (const name of at ? covers : []) {
      const earlier = since.get(name);
      if (at && (!earlier || at < earlier)) since.set(name, at);
    }
  }
  return { signatures, since };
}

async function judgeStamps(opened: Opened, frames: readonly Frame[], known: ReadonlyMap<string, Date>) {
  const place = { format: 'time-stamp', role: 'time-stamp' } as const;
  const signatures: ContainerSignature[] = [];
  const stamps: ContainerStamp[] = [];
  for (const { file, signed, covers, reason, goodUntil } of frames) {
    if (!opened.layout.stamps.includes(file)) continue;
    if (!signed)
      signatures.push({ ...verdictOf(reason ?? 'SIGNED_DATA_NOT_FOUND'), ...placeOf(file), ...place });
    else {
      const stamped = entryOf(opened.source, signed);
      const token = signatureIn(opened, file);
      stamps.push({ file: file.name, token, stamped, covers, reason, goodUntil });
    }
  }
  const { judged, provenAt } = await judgeContainerStamps(stamps, opened.trust, known);
  for (const { stamp, verdict } of judged)
    signatures.push({ ...verdict, file: stamp.file, ...place, covers: stamp.covers });
  return { signatures, provenAt };
}

/** A digest that differs outweighs everything but a signature that fails by itself. */
function worse(judged: SignatureVerdict, reason: Reason): Partial<SignatureVerdict> {
  const { verdict } = reasons[reason];
  const isWorse = judged.verdict === 'passed' || (judged.verdict === 'indeterminate' && verdict === 'failed');
  return isWorse ? { verdict, reason } : {};
}

async function whyNotAsSaid(opened: Opened, manifest: Manifest): Promise<Reason | null> {
  let first: Reason | null = null;
  for (const { name, digestOid, digest } of manifest.references) {
    const file = opened.byName.get(name);
    const found = file && (await entryOf(opened.source, file).digest(digestOid));
    if (file && found && Buffer.compare(found, digest) !== 0) return 'HASH_FAILURE';
    if (!file) first = 'SIGNED_DATA_NOT_FOUND';
    else if (!found) first ??= 'CRYPTO_CONSTRAINTS_FAILURE';
  }
  return first;
}

async function judgeCades(
  opened: Opened,
  file: ZipFile,
  signed: ZipFile,
  covers: string[],
): Promise<ContainerSignature[]> {
  const content = entryOf(opened.source, signed);
  const { signatures } = await verifyCms(signatureIn(opened, file), content, opened.trust);
  return signatures.map(each => ({ ...each, file: file.name, format: 'CAdES', covers }));
}

/** META-INF/signatures.xml: each reference names a file of the container. */
async function judgeXades(opened: Opened, file: ZipFile): Promise<ContainerSignature[]> {
  const find = (uri: string): Content | undefined => {
    const found = opened.byName.get(nameOfUri(uri));
    return found && entryOf(opened.source, found);
  };
  const { signatures } = await verifyXml(signatureIn(opened, file), opened.trust, find);
  return signatures.map(each => ({
    ...each,
    file: file.name,
    format: 'XAdES',
    role: 'signer',
    covers: each.covers.filter(uri => uri !== '' && !uri.startsWith('#')).map(nameOfUri),
  }));
}

function placeOf(file: ZipFile): Pick<ContainerSignature, 'file' | 'format' | 'role' | 'covers'> {
  return { file: file.name, format: 'CAdES', role: 'signer', covers: [] };
}

/** Signatures and manifests are held whole, so that their size is limited. */
function signatureIn({ source }: Opened, file: ZipFile): Uint8Array {
  return readSmall(source, file, limits.foreignSignatureBytes, 'signature-too-large');
}
