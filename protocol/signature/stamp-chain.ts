import type { KnownBeside } from './beside.ts';
import { FormatError } from './der.ts';
import { momentOfStamp } from './stamp-info.ts';
import { judgeStamp, type Stamped, type StampVerdict } from './time-stamp.ts';
import type { Trust } from './trust.ts';

/** A time stamp beside a signature, found but not judged. */
export interface FoundStamp {
  token: Uint8Array;
  /** What it must be about. */
  stamped: Stamped;
}

/** An archive time stamp: it is about the signature and about what was laid beside it until then. */
export interface FoundArchiveStamp extends FoundStamp {
  /** Whether another stamp is among what it is about. */
  protects(token: Uint8Array): boolean;
  /** Whether all lists and answers of the signature are. */
  protectsRevocation: boolean;
}

export interface FoundStamps {
  /** Over the signature. */
  over: FoundStamp[];
  /** Over the content, signed along by the signer. */
  before: FoundStamp[];
  /** Over the signature and references to certificates and lists (CAdES-C, XAdES-X). */
  overReferences: FoundArchiveStamp[];
  archive: FoundArchiveStamp[];
}

export interface JudgedStamps {
  over: StampVerdict[];
  before: StampVerdict[];
  overReferences: StampVerdict[];
  archive: StampVerdict[];
  /** Since when the lists and answers of the signature are known to exist, or null. */
  revocationHeldSince: Date | null;
}

/**
 * Judges the stamps of one signature, the newest archive stamp first: what a stamp that holds is about
 * existed then, so that older stamps are judged for that moment, when the certificates of their authorities had not run
 * out yet (ETSI EN 319 102-1 clause 5.6.3).
 */
export async function judgeStampChain(
  found: FoundStamps,
  trust: Trust,
  beside: KnownBeside,
): Promise<JudgedStamps> {
  const held: { stamp: FoundArchiveStamp; at: Date }[] = [];
  const since = trust.provenAt ? [trust.at, trust.provenAt] : [trust.at];
  const judge = (stamp: FoundStamp) => {
    const moments = held.filter(each => each.stamp.protects(stamp.token)).map(({ at }) => at);
    return judgeStamp(stamp.token, stamp.stamped, trust, { ...beside, at: earliest([...since, ...moments]) });
  };
  const verdicts = new Map<FoundStamp, StampVerdict>();
  for (const stamp of newestFirst([...found.archive, ...found.overReferences])) {
    const verdict = await judge(stamp);
    verdicts.set(stamp, verdict);
    if (verdict.at && verdict.reason === null) held.push({ stamp, at: verdict.at });
  }
  const sinces = held.filter(({ stamp }) => stamp.protectsRevocation).map(({ at }) => at);
  return {
    over: await Promise.all(found.over.map(judge)),
    before: await Promise.all(found.before.map(judge)),
    overReferences: found.overReferences.flatMap(stamp => verdicts.get(stamp) ?? []),
    archive: found.archive.flatMap(stamp => verdicts.get(stamp) ?? []),
    revocationHeldSince: sinces.length > 0 ? earliest(sinces) : null,
  };
}

/** Stamps of one signature. A chain grows by one in some years; a crafted message could bring thousands. */
const mostStamps = 64;

/** @throws FormatError when a signature has more stamps than anybody makes */
export function checkStampCount(count: number): void {
  if (count > mostStamps) throw new FormatError('too many time stamps');
}

function newestFirst(stamps: FoundArchiveStamp[]): FoundArchiveStamp[] {
  const moment = ({ token }: FoundStamp) => momentOfStamp(token)?.getTime() ?? 0;
  return stamps.toSorted((one, other) => moment(other) - moment(one));
}

function earliest(moments: Date[]): Date {
  return new Date(Math.min(...moments.map(moment => moment.getTime())));
}
