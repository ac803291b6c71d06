import { limits } from '../limits.ts';
import { earliestTerm, type Term } from '../signature/algorithm-terms.ts';
import { termOfDigest } from '../signature/digests.ts';
import type { Reason } from '../signature/reasons.ts';
import type { Trust } from '../signature/trust.ts';
import type { ByteSource } from './byte-source.ts';
import type { ContainerLayout } from './container-layout.ts';
import { entryOf } from './entry.ts';
import type { Oddity } from './malformed.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { readSmall, type ZipFile } from './zip-reader.ts';

/** An opened container: its source, its files by name, and where to tell what is odd. */
export interface Opened {
  source: ByteSource;
  byName: ReadonlyMap<string, ZipFile>;
  layout: ContainerLayout;
  trust: Trust;
  odd: Oddity;
}

/** A signature or a stamp in META-INF, and what it is about: a manifest, or the only file of an ASiC-S. */
export interface Frame {
  file: ZipFile;
  /** Null when it is not there, or when several files might be meant. */
  signed: ZipFile | null;
  covers: string[];
  /** Why what is signed is not there or not as the manifest says. */
  reason: Reason | null;
  /** Until when the digests of the manifest were good enough. */
  goodUntil: Term;
}

export async function frameOf(
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

export function manifestOf(opened: Opened, file: ZipFile): Manifest {
  return readManifest(signatureIn(opened, file), opened.odd);
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

/** Signatures and manifests are held whole, so that their size is limited. */
export function signatureIn({ source }: Opened, file: ZipFile): Uint8Array {
  return readSmall(source, file, limits.foreignSignatureBytes, 'signature-too-large');
}
