import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../app-error.ts';
import { limits } from '../limits.ts';
import { type Reason, reasons } from '../signature/reasons.ts';
import type { Trust } from '../signature/trust.ts';
import { worstOf } from '../signature/verdict.ts';
import type { ByteSource } from './byte-source.ts';
import { type Frame, frameOf, manifestOf, type Opened } from './container-frames.ts';
import { layoutOf } from './container-layout.ts';
import { judgeRecords, judgeStamps } from './container-proofs.ts';
import type { ContainerReport, ContainerSignature } from './container-report.ts';
import { judgeCades, judgeFramed, judgeXades } from './container-signatures.ts';
import { malformed, type Oddity } from './malformed.ts';
import { openZip, readSmall, type ZipFile } from './zip-reader.ts';

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
