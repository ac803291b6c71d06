import { limits } from '../limits.ts';
import { isInDocuments, layout } from './layout.ts';
import { malformed, refuseOddity } from './malformed.ts';
import { type ManifestReference, readManifest } from './manifest.ts';
import { type ReadEntry, readZip } from './zip-reader.ts';

/** A container taken apart; nothing about its signatures is judged yet. */
export interface Package {
  /** Every entry by its full name, in the order of the container. */
  entries: Map<string, Uint8Array>;
  /** File names without folder; `signature` is null when none lies beside the document. */
  documents: { name: string; bytes: Uint8Array; signature: Uint8Array | null }[];
  /** What `application.json` holds, or null when there is none. */
  metadata: unknown;
  manifest: Uint8Array;
  references: ManifestReference[];
  containerSignature: Uint8Array;
  /** Entries that the manifest does not name and that are not part of the container's own frame. */
  uncovered: string[];
}

/**
 * Reads a package. The bytes of entries are views of `bytes` where they are stored.
 * @throws AppError `package.malformed {reason}`
 */
export function readPackage(bytes: Uint8Array): Package {
  const read = readZip(bytes);
  checkMimetype(read[0]);
  const entries = new Map(read.map(entry => [entry.name, entry.bytes]));
  const manifest = entries.get(layout.manifest);
  if (!manifest) throw malformed('no-manifest');
  const { signatureName, references } = readManifest(manifest, refuseOddity);
  const containerSignature = entries.get(layout.containerSignature);
  if (signatureName !== layout.containerSignature || !containerSignature)
    throw malformed('no-container-signature');
  const frame = [layout.mimetype, layout.manifest, layout.containerSignature];
  const covered = new Set<string>([...frame, ...references.map(({ name }) => name)]);
  return {
    entries,
    documents: documentsOf(entries),
    metadata: metadataOf(entries.get(layout.metadata)),
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
function checkMimetype(first: ReadEntry | undefined): void {
  const isPlain = first?.name === layout.mimetype && first.stored && !first.hasExtras;
  if (!isPlain || Buffer.from(first.bytes).toString('latin1') !== layout.mimetypeContent)
    throw malformed('mimetype');
}

function documentsOf(entries: ReadonlyMap<string, Uint8Array>): Package['documents'] {
  const documents: Package['documents'] = [];
  for (const [path, bytes] of entries) {
    if (!isInDocuments(path)) continue;
    if (path.endsWith(layout.signatureSuffix)) {
      if (!entries.has(path.slice(0, -layout.signatureSuffix.length)))
        throw malformed('signature-without-document');
      continue;
    }
    const signature = entries.get(path + layout.signatureSuffix) ?? null;
    documents.push({ name: path.slice(layout.documents.length), bytes, signature });
  }
  return documents;
}

function metadataOf(bytes: Uint8Array | undefined): unknown {
  if (!bytes) return null;
  if (bytes.length > limits.containerTextBytes) throw malformed('metadata-too-large');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError) throw malformed('metadata-is-not-json');
    throw cause;
  }
}
