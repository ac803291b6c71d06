import { createHash } from 'node:crypto';
import { readCertificate } from '../signature/certificate.ts';
import { readCms } from '../signature/cms.ts';
import type { Content } from '../signature/content.ts';
import { contentOf } from '../signature/content.ts';
import { FormatError } from '../signature/der.ts';
import { oids } from '../signature/oids.ts';
import type { RevocationData } from '../signature/revocation.ts';
import { readStamp } from '../signature/stamp-info.ts';
import { isDamaged, judgeStamp } from '../signature/time-stamp.ts';
import { readable, type Trust } from '../signature/trust.ts';
import { readRecord } from './renewal-record.ts';
import { stampFacts } from './stamp-facts.ts';

/** What was kept beside content, in no order; lists and answers are part of the trust. */
export interface KeptProofs {
  /** Time-stamp tokens over the content or over records. */
  stamps: readonly Uint8Array[];
  /** Renewal records. */
  records: readonly Uint8Array[];
}

export interface Proof {
  /** The earliest time at which the content is proved to have existed, or null. */
  since: Date | null;
  /** Until when the newest stamp that holds by itself will hold; null without any. */
  goodUntil: Date | null;
  /** Some stamp is broken, or is over nothing that is here. */
  damaged: boolean;
  /** Some stamp is not trusted, today or at the time that later stamps prove for it. */
  distrusted: boolean;
}

/** So many of each are looked at: others may lay thousands beside a file. */
const mostProofs = 256;

interface Stamp {
  token: Uint8Array;
  sha512: string;
  over: Pick<Content, 'digest'> | undefined;
  record: Uint8Array | undefined;
}

/**
 * Follows stamps from today back (RFC 4998 section 5.3 and ETSI EN 319 102-1 clause 5.6.2.3): a stamp that
 * holds proves the time of what it is over; a record that is proved proves the time of everything it names; and
 * a stamp that is named is judged as of that time, when its authority's certificate was still good.
 */
export async function prove(
  content: Pick<Content, 'digest'>,
  kept: KeptProofs,
  trust: Trust,
): Promise<Proof> {
  const records = kept.records.slice(0, mostProofs);
  const stamps = await Promise.all(
    kept.stamps.slice(0, mostProofs).map(token => stampOf(token, content, records)),
  );
  const contentSha512 = hex(await content.digest(oids.sha512));
  /** By SHA-512: the earliest time at which these bytes are proved to have existed, ms. */
  const proved = new Map<string, number>();
  let since = Number.POSITIVE_INFINITY;
  let goodUntil = 0;
  const open = new Set(stamps.filter(({ over }) => over !== undefined));
  for (let before = -1; before !== open.size; ) {
    before = open.size;
    for (const stamp of open) {
      const { token, sha512, over, record } = stamp;
      const known = proved.get(sha512);
      const at = new Date(Math.min(known ?? Number.POSITIVE_INFINITY, trust.at.getTime()));
      const believed = { ...trust, revocation: newsOf(token, trust, at) };
      const verdict = over && (await judgeStamp(token, over, believed, { at }));
      // A stamp cannot state a time after the one at which it existed.
      if (!verdict?.at || verdict.reason !== null || verdict.at.getTime() > at.getTime() + clockToleranceMs)
        continue;
      open.delete(stamp);
      const time = verdict.at.getTime();
      const end = stampFacts(token).goodUntil.getTime();
      if (end >= trust.at.getTime()) goodUntil = Math.max(goodUntil, end);
      if (record === undefined) since = Math.min(since, time);
      for (const line of record ? readable([record], readRecord).flat() : [])
        proved.set(line.sha512, Math.min(time, proved.get(line.sha512) ?? Number.POSITIVE_INFINITY));
    }
  }
  since = Math.min(since, proved.get(contentSha512) ?? Number.POSITIVE_INFINITY);
  const left = await Promise.all([...open].map(({ token, over }) => over && judgeStamp(token, over, trust)));
  const isStray = stamps.some(({ over }) => over === undefined);
  return {
    since: Number.isFinite(since) ? new Date(since) : null,
    goodUntil: goodUntil > 0 ? new Date(goodUntil) : null,
    damaged: isStray || left.some(verdict => verdict && isDamaged(verdict)),
    distrusted: left.some(verdict => verdict && !isDamaged(verdict)),
  };
}

/**
 * Lists and answers grow old beside a file, which must not make its newest stamp worse than if there were none:
 * only those count whose term was not over, or that say that somebody was revoked.
 */
function newsOf(token: Uint8Array, { revocation }: Trust, at: Date): RevocationData {
  const serials = readable(readCms(token).certificates, readCertificate).map(({ serialDer }) =>
    hex(serialDer),
  );
  return {
    lists: revocation.lists.filter(
      ({ nextUpdate, revoked }) =>
        nextUpdate === null || nextUpdate >= at || serials.some(serial => revoked.has(serial)),
    ),
    answers: revocation.answers.filter(({ statements }) =>
      statements.some(
        ({ nextUpdate, revocation, serialDer }) =>
          (nextUpdate !== null && nextUpdate >= at) ||
          (revocation !== null && serials.includes(hex(serialDer))),
      ),
    ),
  };
}

/** Clocks of authorities may run ahead of ours by so much. */
const clockToleranceMs = 5 * 60_000;

/** What a stamp is over: the content, or one of the records, whichever has the digest that it names. */
async function stampOf(
  token: Uint8Array,
  content: Pick<Content, 'digest'>,
  records: readonly Uint8Array[],
): Promise<Stamp> {
  const stamp = { token, sha512: sha512Of(token), over: undefined, record: undefined };
  try {
    const { hashOid, imprint } = readStamp(token).info;
    const isOver = async (some: Pick<Content, 'digest'>) => hex(await some.digest(hashOid)) === hex(imprint);
    if (await isOver(content)) return { ...stamp, over: content };
    for (const record of records)
      if (await isOver(contentOf(record))) return { ...stamp, over: contentOf(record), record };
    return stamp;
  } catch (error) {
    if (error instanceof FormatError) return stamp;
    throw error;
  }
}

export const sha512Of = (bytes: Uint8Array): string => createHash('sha512').update(bytes).digest('hex');

function hex(digest: Uint8Array | undefined): string {
  return digest ? Buffer.from(digest).toString('hex') : 'unknown';
}
