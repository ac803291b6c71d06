import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BlobStore, openBlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CentreConfig } from '../config.ts';
import { openS3BlobStore } from './s3-blob-store.ts';
import { s3Line } from './s3-line.ts';

const s3TimeoutMs = 30_000;

/** The centre's content where its configuration says: a folder of its own, a shared one, or a bucket. */
export async function openContent(
  { blobs, dataDir }: Pick<CentreConfig, 'blobs' | 'dataDir'>,
  clock: Clock,
): Promise<BlobStore> {
  if (!blobs) return openBlobStore(join(dataDir, 'blobs'));
  if ('dir' in blobs) return openBlobStore(blobs.dir, { isShared: true });
  const ca = blobs.s3.ca === undefined ? undefined : await readFile(blobs.s3.ca, 'utf8');
  const line = s3Line({ ...blobs.s3, ca, timeoutMs: s3TimeoutMs, clock });
  return openS3BlobStore(line, join(dataDir, 'staging'));
}
