import { limits } from '../limits.ts';
import { type ByteSource, sourceOf } from './byte-source.ts';
import { type Entry, entryOf } from './entry.ts';
import { isInDocuments, layout } from './layout.ts';
import { malformed, refuseOddity } from './malformed.ts';
import { type ManifestReference, readManifest } from './manifest.ts';
import { openZip, readSmall, type ZipFile } from './zip-reader.ts';

/** A container taken apart; nothing about its signatures is judged yet. */
export interface Package {
  /** Every entry by its full name, in the order of the container. */
  entries: Map<string, Entry>;
  documents: PackageDocument[];
  /** What `application.json` holds, or null when there is none. */
  metadata: unknown;
  manifest: Uint8Array;
  references: ManifestReference[];
  containerSignature: Uint8Array;
  /** Entries that the manifest does not name and that are not part of the container's own frame. */
  uncovered: string[];
}

/** A document of a package. `name` is without folder; `signature` is null when none lies beside it. */
export interface PackageDocument {
  name: string;
  content: Entry;
  signature: Uint8Array | null;
}

/**
 * Reads a package. Documents are not read yet, so that a package of hundreds of megabytes costs no memory;
 * `bytes` must stay as they are until they were.
 * @throws AppError `package.malformed {reason}`
 */
export function readPackage(bytes: Uint8Array | ByteSource): Package {
  const source = sourceOf(bytes);
  const { files } = openZip(source, refuseOddity);
  const byName = new Map(files.map(file => [file.name, file]));
  const small = (name: string, reason: string, mostBytes: number = limits.containerTextBytes) => {
    const file = byName.get(name);
    return file && readSmall(source, file, mostBytes, reason);
  };
  checkMimetype(files[0], () => small(layout.mimetype, 'mimetype'));
  const manifest = small(layout.manifest, 'manifest-too-large');
  if (!manifest) throw malformed('no-manifest');
  const { signatureName, references } = readManifest(manifest, refuseOddity);
  const signatureAt = (name: string) => small(name, 'signature-too-large', limits.signatureBytes);
  const containerSignature = signatureAt(layout.containerSignature);
  if (signatureName !== layout.containerSignature || !containerSignature)
    throw malformed('no-container-signature');
  const digests = new Map(references.map(({ name, digestOid }) => [name, digestOid]));
  const entries = new Map(
    files.map(file => [file.name, entryOf(source, file, [digests.get(file.name) ?? []].flat())]),
  );
  const frame = [layout.mimetype, layout.manifest, layout.containerSignature];
  const covered = new Set<string>([...frame, ...references.map(({ name }) => name)]);
  return {
    entries,
    documents: documentsOf(entries, signatureAt),
    metadata: metadataOf(small(layout.metadata, 'metadata-too-large')),
    manifest,
    references,
    containerSignature,
    uncovered: [...entries.keys()].filter(name => !covered.has(name)),
  };
}

/** Whether bytes begin as a package does: for that its media type stands at a fixed offset. */
export function isPackage(start: Uint8Array): boolean {
  const name = `${layout.mimetype}${layout.mimetypeContent}`;
  return Buffer.from(start.subarray(30, 30 + name.length)).toString('latin1') === name;
}

/** EN 319 162-1 annex A.1: first, stored, without extra fields, so that the type stands at a fixed offset. */
function checkMimetype(first: ZipFile | undefined, read: () => Uint8Array | undefined): void {
  const isPlain = first?.name === layout.mimetype && first.stored && !first.hasExtras;
  if (!isPlain || Buffer.from(read() ?? []).toString('latin1') !== layout.mimetypeContent)
    throw malformed('mimetype');
}

function documentsOf(
  entries: ReadonlyMap<string, Entry>,
  signatureAt: (name: string) => Uint8Array | undefined,
): PackageDocument[] {
  const documents: PackageDocument[] = [];
  for (const [path, content] of entries) {
    if (!isInDocuments(path)) continue;
    if (path.endsWith(layout.signatureSuffix)) {
      if (!entries.has(path.slice(0, -layout.signatureSuffix.length)))
        throw malformed('signature-without-document');
      continue;
    }
    const signature = signatureAt(path + layout.signatureSuffix) ?? null;
    documents.push({ name: path.slice(layout.documents.length), content, signature });
  }
  return documents;
}

function metadataOf(bytes: Uint8Array | undefined): unknown {
  if (!bytes) return null;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError) throw malformed('metadata-is-not-json');
    throw cause;
  }
}
