import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { canonicalJson } from '../canonical.ts';
import { limits } from '../limits.ts';
import { type ByteSource, piecesIn, sourceOf, type Write } from './byte-source.ts';
import { isInDocuments, layout } from './layout.ts';
import { malformed } from './malformed.ts';
import { writeManifest } from './manifest.ts';
import { writeZip } from './zip-writer.ts';

export interface PackageInput {
  /** In the order in which people read them; `name` is a file name such as `01-application.pdf`. */
  documents: {
    name: string;
    mediaType: string;
    /** A large one as a source that is read piece by piece, twice. */
    bytes: Uint8Array | ByteSource;
    signature: Uint8Array;
  }[];
  /** Becomes `application.json`. */
  metadata: unknown;
  /** Makes the container's signature: detached CAdES over the manifest. */
  signManifest: (manifest: Uint8Array) => Promise<Uint8Array>;
}

/**
 * Writes an ASiC-E container with CAdES (ETSI EN 319 162-1): each document with its own signature beside
 * it (LED-3.6), and one signature over a manifest that names everything, so that nothing can be taken out
 * or put in. The same input and signature give the same bytes.
 * @throws AppError `package.malformed` for names or sizes that no reader would take, before any byte
 */
export async function writePackage(input: PackageInput, write: Write): Promise<void> {
  if (input.documents.length === 0) throw malformed('no-documents');
  const parts = input.documents.flatMap(({ name, mediaType, bytes, signature }) => {
    const path = layout.documents + name;
    if (!isInDocuments(path) || name.endsWith(layout.signatureSuffix)) throw malformed('document-name');
    const signaturePath = path + layout.signatureSuffix;
    return [
      { name: path, mediaType, content: sourceOf(bytes) },
      { name: signaturePath, mediaType: 'application/pkcs7-signature', content: sourceOf(signature) },
    ];
  });
  const metadata = sourceOf(Buffer.from(canonicalJson(input.metadata)));
  parts.push({ name: layout.metadata, mediaType: 'application/json', content: metadata });
  if (metadata.sizeBytes > limits.containerTextBytes) throw malformed('metadata-too-large');
  const files = [];
  for (const part of parts) files.push({ ...part, ...(await sumsOf(part.content)) });
  const manifest = writeManifest(layout.containerSignature, files);
  const entries = [
    { name: layout.mimetype, content: sourceOf(Buffer.from(layout.mimetypeContent)) },
    ...files,
    { name: layout.manifest, content: sourceOf(manifest) },
    { name: layout.containerSignature, content: sourceOf(await input.signManifest(manifest)) },
  ];
  await writeZip(entries, write);
}

/** The same for containers that are small enough to be held whole. */
export async function buildPackage(input: PackageInput): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  await writePackage(input, async bytes => void pieces.push(Uint8Array.from(bytes)));
  return Buffer.concat(pieces);
}

async function sumsOf(content: ByteSource): Promise<{ sha256: Uint8Array; crc: number }> {
  const hash = createHash('sha256');
  let crc = 0;
  for (const piece of piecesIn(content)) {
    hash.update(piece);
    crc = crc32(piece, crc);
    await nextTurn();
  }
  return { sha256: hash.digest(), crc };
}
