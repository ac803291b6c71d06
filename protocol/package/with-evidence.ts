import { createHash } from 'node:crypto';
import { limits } from '../limits.ts';
import { oids } from '../signature/oids.ts';
import { type ByteSource, sourceOf } from './byte-source.ts';
import { entryOf } from './entry.ts';
import { layout } from './layout.ts';
import { refuseOddity } from './malformed.ts';
import { writeManifest } from './manifest.ts';
import { openZip, readFile, readSmall, type ZipFile } from './zip-reader.ts';
import type { ZipEntry } from './zip-writer.ts';

/** Lists and answers that lie beside a package. */
export interface EvidenceFile {
  /** File name without folder. */
  name: string;
  mediaType: string;
  bytes: Uint8Array;
}

const archiveManifest = 'META-INF/ASiCArchiveManifest.xml';
const archiveStamp = 'META-INF/timestamp001.tst';
const evidenceFolder = 'META-INF/evidence/';

/**
 * The files of a package with evidence added as ETSI EN 319 162-1 annex A.7 has it: an archive manifest that names
 * every file with its digest, and a time stamp over that manifest. No byte of any file that was there changes.
 * `stamp` gives a token (RFC 3161) over the manifest. The entries read from `source` when they are written.
 * @throws AppError `package.malformed`
 */
export async function packageWithEvidence(
  source: ByteSource,
  evidence: readonly EvidenceFile[],
  stamp: (manifest: Uint8Array) => Promise<Uint8Array>,
): Promise<ZipEntry[]> {
  const { files } = openZip(source, refuseOddity);
  const kept = files.map(file => ({ name: file.name, content: contentIn(source, file), crc: file.crc }));
  const added = evidence.map(({ name, mediaType, bytes }) => ({
    ...{ name: evidenceFolder + name, mediaType, content: sourceOf(bytes) },
  }));
  const named = [];
  for (const file of files.filter(({ name }) => name !== layout.mimetype)) {
    const sha256 = (await entryOf(source, file).digest(oids.sha256)) ?? new Uint8Array();
    named.push({ name: file.name, mediaType: 'application/octet-stream', sha256 });
  }
  for (const { name, mediaType, content } of added)
    named.push({
      name,
      mediaType,
      sha256: createHash('sha256').update(content.read(0, content.sizeBytes)).digest(),
    });
  const manifest = writeManifest(archiveStamp, named, 'application/vnd.etsi.timestamp-token');
  return [
    ...kept,
    ...added.map(({ name, content }) => ({ name, content })),
    { name: archiveManifest, content: sourceOf(manifest) },
    { name: archiveStamp, content: sourceOf(await stamp(manifest)) },
  ];
}

/** The lists and answers that were added. @throws AppError `package.malformed` */
export function evidenceIn(
  source: ByteSource,
  files: readonly ZipFile[],
): { name: string; bytes: Uint8Array }[] {
  return files
    .filter(({ name }) => name.startsWith(evidenceFolder))
    .map(file => ({
      name: file.name,
      bytes: readSmall(source, file, limits.foreignSignatureBytes, 'signature-too-large'),
    }));
}

/** Whether evidence was added to a container in this way. */
export const hasArchiveManifest = (files: readonly { name: string }[]): boolean =>
  files.some(({ name }) => name === archiveManifest);

/** What is stored as it is, is read in place. */
function contentIn(source: ByteSource, file: ZipFile): ByteSource {
  if (!file.stored) return sourceOf(readFile(source, file));
  return {
    sizeBytes: file.size,
    read: (offset, length, into) => source.read(file.dataOffset + offset, length, into),
  };
}
