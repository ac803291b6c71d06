import type { Content } from '../signature/content.ts';
import { digestOf, findHash } from '../signature/digests.ts';
import type { Reason } from '../signature/reasons.ts';
import { momentOfStamp } from '../signature/stamp-info.ts';
import { judgeStamp, type StampVerdict } from '../signature/time-stamp.ts';
import type { Trust } from '../signature/trust.ts';

/** An archive time stamp of an evidence record: a token over the root of a tree of digests. */
export interface ArchiveTimeStamp {
  token: Uint8Array;
  hashOid: string;
  /** What is left of the tree: lists of digests from the leaves up. None when the token is over the only digest itself. */
  lists: readonly (readonly Uint8Array[])[];
  /** What the next stamp of the same chain is about: this stamp's token as it stands in the record. */
  tokenEncoding: Uint8Array;
}

/** Stamps that renew each other under one digest function, the oldest first. */
export interface ArchiveChain {
  stamps: readonly ArchiveTimeStamp[];
  /** All older chains as they stand in the record; the first stamp is about them too. Empty for the first chain. */
  olderChains: Uint8Array;
}

/** The oldest chain first. */
export type ArchiveChains = readonly ArchiveChain[];

/**
 * Judges an evidence record about some content (RFC 4998 sections 4.3 and 5.3), from its newest stamp back: each one
 * that holds proves when the one before existed. `at` is the time that the oldest proves for all of the content.
 */
export async function judgeChains(
  chains: ArchiveChains,
  contents: readonly Pick<Content, 'digest'>[],
  trust: Trust,
): Promise<StampVerdict> {
  let at = trust.provenAt && trust.provenAt < trust.at ? trust.provenAt : trust.at;
  for (const chain of chains.toReversed()) {
    for (let place = chain.stamps.length - 1; place >= 0; place -= 1) {
      const stamp = chain.stamps[place];
      if (!stamp) throw new TypeError('a chain without its stamp');
      const before = chain.stamps[place - 1];
      const meant = before
        ? [digestOf(stamp.hashOid, before.tokenEncoding)]
        : await leavesOf(stamp, chain, contents);
      const verdict = await judgeOne(stamp, meant, trust, at);
      if (verdict.reason !== null || !verdict.at)
        return { at: momentOfStamp(stamp.token), reason: verdict.reason };
      at = verdict.at;
    }
  }
  return { at, reason: null };
}

/** Digests that must be in the tree of a chain's first stamp: of the content, or of it together with the older chains. */
async function leavesOf(
  { hashOid }: ArchiveTimeStamp,
  { olderChains }: ArchiveChain,
  contents: readonly Pick<Content, 'digest'>[],
): Promise<(Uint8Array | undefined)[]> {
  const digests = await Promise.all(contents.map(each => each.digest(hashOid)));
  const older = digestOf(hashOid, olderChains);
  if (olderChains.length === 0 || !older) return digests;
  // Section 5.2: h(i)' = H(h(i) + ha(i)).
  return digests.map(own => own && digestOf(hashOid, Buffer.concat([own, older])));
}

async function judgeOne(
  stamp: ArchiveTimeStamp,
  meant: readonly (Uint8Array | undefined)[],
  trust: Trust,
  at: Date,
): Promise<StampVerdict> {
  const failed = (reason: Reason): StampVerdict => ({ at: null, reason });
  const leaves = meant.filter(digest => digest !== undefined);
  if (leaves.length < meant.length || !findHash(stamp.hashOid)) return failed('CRYPTO_CONSTRAINTS_FAILURE');
  const roots = rootsOf(stamp, leaves);
  if (roots.length === 0) return failed('HASH_FAILURE');
  let verdict = failed('HASH_FAILURE');
  for (const root of roots) {
    const stamped = { digest: async (oid: string) => (oid === stamp.hashOid ? root : undefined) };
    verdict = await judgeStamp(stamp.token, stamped, trust, { at });
    if (verdict.reason !== 'HASH_FAILURE') break;
  }
  // A stamp cannot be older than what it is said to be renewed by.
  if (verdict.reason === null && verdict.at && verdict.at > at) return failed('TIMESTAMP_ORDER_FAILURE');
  return verdict;
}

/**
 * The root of the tree (section 4.3): the digests of a list, sorted, together with the one from the list below. Of a
 * single digest RFC 4998 does not say whether it is digested once more, and programs do either.
 */
function rootsOf({ lists, hashOid }: ArchiveTimeStamp, leaves: readonly Uint8Array[]): Uint8Array[] {
  const [first, ...others] = lists;
  if (!first) return leaves.length === 1 ? [...leaves] : [];
  const holds = (leaf: Uint8Array) => first.some(each => Buffer.compare(each, leaf) === 0);
  if (!leaves.every(holds)) return [];
  const joined = (digests: readonly Uint8Array[]) =>
    digestOf(hashOid, Buffer.concat(digests.toSorted(Buffer.compare))) ?? new Uint8Array();
  const starts = first.length === 1 ? [...first, joined(first)] : [joined(first)];
  return starts.map(start => others.reduce((below, list) => joined([...list, below]), start));
}
