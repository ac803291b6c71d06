import { isGoodAt, type Term } from '../signature/algorithm-terms.ts';
import { passed, verdictOf } from '../signature/conclude.ts';
import type { Reason } from '../signature/reasons.ts';
import type { SignatureVerdict } from '../signature/signature-verdict.ts';
import { momentOfStamp } from '../signature/stamp-info.ts';
import { judgeStamp, type StampVerdict } from '../signature/time-stamp.ts';
import type { Trust } from '../signature/trust.ts';
import type { Entry } from './entry.ts';

/** A time stamp of a container: over a manifest, or over the only file. */
export interface ContainerStamp {
  /** Where the token lies. */
  file: string;
  token: Uint8Array;
  stamped: Entry;
  /** Files that it speaks for: those that the manifest names. */
  covers: string[];
  /** Why a file is not as the manifest says, or null. */
  reason: Reason | null;
  /** Until when the digests of the manifest were good enough. */
  goodUntil: Term;
}

export interface JudgedContainerStamp {
  stamp: ContainerStamp;
  verdict: SignatureVerdict;
}

/**
 * Judges the time stamps of a container, the newest first, and tells since when each file is proved to exist. A stamp whose
 * token lies under a newer one (ASiCArchiveManifest, EN 319 162-1 annex A.7) is judged for the time of that one. `known`
 * is what evidence records prove of files.
 */
export async function judgeContainerStamps(
  stamps: readonly ContainerStamp[],
  trust: Trust,
  known: ReadonlyMap<string, Date> = new Map(),
): Promise<{ judged: JudgedContainerStamp[]; provenAt: (file: string) => Date | null }> {
  const since = new Map(known);
  const provenAt = (file: string) => since.get(file) ?? trust.provenAt;
  const judged: JudgedContainerStamp[] = [];
  const moment = ({ token }: ContainerStamp) => momentOfStamp(token)?.getTime() ?? 0;
  for (const stamp of stamps.toSorted((one, other) => moment(other) - moment(one))) {
    const held = provenAt(stamp.file);
    const judgedAt = held && held < trust.at ? held : trust.at;
    const found = await judgeStamp(stamp.token, stamp.stamped, trust, { at: judgedAt });
    const weakness = isGoodAt(stamp.goodUntil, judgedAt) ? null : 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE';
    const verdict = verdictOfStamp(found, stamp.reason ?? weakness);
    judged.push({ stamp, verdict });
    if (verdict.verdict !== 'passed' || !found.at) continue;
    for (const file of [stamp.stamped.name, ...stamp.covers]) {
      const earlier = provenAt(file);
      if (!earlier || found.at < earlier) since.set(file, found.at);
    }
  }
  return { judged, provenAt };
}

/** A file that differs from the manifest outweighs whatever is wrong with the token. */
function verdictOfStamp({ at, reason }: StampVerdict, ofManifest: Reason | null): SignatureVerdict {
  const known = { provenAt: at?.toISOString() ?? null };
  const whole = ofManifest === 'HASH_FAILURE' ? ofManifest : (reason ?? ofManifest);
  return whole ? verdictOf(whole, known) : passed(known);
}
