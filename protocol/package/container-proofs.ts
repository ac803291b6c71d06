import { verdictOf } from '../signature/conclude.ts';
import { judgeContainerRecord } from './container-evidence.ts';
import { type Frame, type Opened, signatureIn } from './container-frames.ts';
import type { ContainerSignature } from './container-report.ts';
import { placeOf } from './container-signatures.ts';
import { type ContainerStamp, judgeContainerStamps } from './container-stamps.ts';
import { entryOf } from './entry.ts';

/** Evidence records, and since when they prove each of their files. */
export async function judgeRecords(opened: Opened, frames: readonly Frame[]) {
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

/** Time stamps of files, and since when those prove them; `known` is what is proved of the stamps themselves. */
export async function judgeStamps(
  opened: Opened,
  frames: readonly Frame[],
  known: ReadonlyMap<string, Date>,
) {
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
