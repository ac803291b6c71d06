import type { BlobStore } from '../../platform/blob-store.ts';
import { readAnchors } from '../../platform/certificates.ts';
import { systemClock } from '../../platform/clock.ts';
import { readCertificate } from '../../protocol/signature/certificate.ts';
import { httpStampAuthority } from '../audit/stamp-authority.ts';
import type { CentreConfig } from '../config.ts';
import type { Storage } from '../storage/storage.ts';
import type { StampService } from './renew-stamps.ts';
import { createRevocationDesk, noRevocationDesk, type RevocationDesk } from './revocation-desk.ts';
import { openRevocationSources } from './revocation-sources.ts';

/** The authority of time stamps that the configuration names, and whom to believe. */
export async function openStamps({ timeStamps }: CentreConfig): Promise<StampService | undefined> {
  if (!timeStamps) return undefined;
  const anchors = await readAnchors(timeStamps.ca);
  const { now } = systemClock;
  const authority = httpStampAuthority({ url: timeStamps.url, anchors, timeoutMs: 20_000, now });
  const { renewBeforeDays = 90, weak = [] } = timeStamps;
  return { authority, anchors, renewBeforeMs: renewBeforeDays * 24 * 3_600_000, weak };
}

/** The way to news of revocation, as far as the configuration wants any. */
export async function openRevocation(
  { revocation }: CentreConfig,
  storage: Storage,
  blobs: BlobStore,
): Promise<RevocationDesk> {
  if (!revocation) return noRevocationDesk;
  const pauses = { refreshMs: 3_600_000, restMs: 30_000 };
  const sources = openRevocationSources({ storage, blobs, clock: systemClock, ...pauses });
  const configured = await Promise.all(
    revocation.authorities.map(async ({ certificate, lists = [], responders = [] }) => {
      const issuers = (await readAnchors(certificate)).map(readCertificate);
      return issuers.map(({ subject }) => ({ issuer: subject.key, lists, responders }));
    }),
  );
  return createRevocationDesk({ sources, configured: configured.flat() });
}
