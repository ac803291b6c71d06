import { createHash } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import {
  type Seal,
  type SealFault,
  sealStatement,
  statementBytes,
  whySealFails,
} from '../sealed-statement.ts';
import { digestOf } from '../signature/digests.ts';
import type { Reason } from '../signature/reasons.ts';
import { judgeStamp } from '../signature/time-stamp.ts';
import { trustOf } from '../signature/trust.ts';
import { Instant, Sha256 } from '../values.ts';
import { isConsistent, isIncluded, leafHash } from './merkle.ts';

const Digests = Type.Array(Sha256, { maxItems: 64 });
const Size = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** What a centre swears to: its audit log of `size` entries has this root. */
export const AuditCheckpoint = Type.Object({
  /** Common name of the centre's seal. */
  origin: Type.String({ minLength: 1, maxLength: 200 }),
  size: Size,
  /** Merkle tree hash (RFC 6962). */
  root: Sha256,
  at: Instant,
  certificate: Type.String(),
  signature: Type.String(),
  /** Time-stamp token of an outside authority (RFC 3161) over the statement, DER in base64. */
  stamp: Type.Optional(Type.String()),
});
export type AuditCheckpoint = Static<typeof AuditCheckpoint>;

/**
 * Entries of the audit log with the way of each to the root of a checkpoint, and of an older checkpoint to
 * this one. Checked without the centre: `okno audit verify`.
 */
export const AuditProof = Type.Object({
  format: Type.Literal('okno-audit-proof-1'),
  checkpoint: AuditCheckpoint,
  entries: Type.Array(
    Type.Object({
      position: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
      /** The entry's own text; its digest is the leaf. */
      entry: Type.String(),
      path: Digests,
    }),
  ),
  since: Type.Optional(Type.Object({ checkpoint: AuditCheckpoint, path: Digests })),
});
export type AuditProof = Static<typeof AuditProof>;

/** Why a proof does not hold; `entry-not-included` and `log-rewritten` mean that the log was changed. */
export type AuditFault =
  | { reason: 'malformed' }
  | { reason: SealFault; size: number }
  | { reason: 'entry-not-included'; position: number }
  | { reason: 'log-rewritten'; size: number }
  | { reason: 'other-origin' };

const proofShape = Compile(AuditProof);
const checkpointShape = Compile(AuditCheckpoint);
const what = 'okno-audit-checkpoint-1';

export function signAuditCheckpoint(
  statement: Pick<AuditCheckpoint, 'origin' | 'size' | 'root' | 'at'>,
  seal: Seal,
): AuditCheckpoint {
  return { ...statement, ...sealStatement(what, statementOf(statement), seal) };
}

/** What the seal and the time stamp are about. */
const statementOf = ({
  origin,
  size,
  root,
  at,
}: Pick<AuditCheckpoint, 'origin' | 'size' | 'root' | 'at'>) => ({
  origin,
  size,
  root,
  at,
});

/** SHA-256 of what a time stamp of a checkpoint is about. */
export const stampedDigest = (checkpoint: AuditCheckpoint): Buffer =>
  createHash('sha256')
    .update(statementBytes(what, statementOf(checkpoint)))
    .digest();

/**
 * When the log was there at the latest by the word of an outside authority; null without a stamp. The reason
 * says why a stamp does not hold.
 */
export async function judgeAuditStamp(
  proof: unknown,
  anchors: readonly Uint8Array[],
): Promise<{ at: Date | null; reason: Reason | null } | null> {
  if (!proofShape.Check(proof) || proof.checkpoint.stamp === undefined) return null;
  const { checkpoint } = proof;
  const stamped = statementBytes(what, statementOf(checkpoint));
  const trust = trustOf({ anchors: [...anchors], at: new Date(checkpoint.at) });
  const digest = async (oid: string) => digestOf(oid, stamped);
  return await judgeStamp(Buffer.from(checkpoint.stamp ?? '', 'base64'), { digest }, trust);
}

/**
 * Everything that does not hold, empty when all does. `known` is a checkpoint that the checker kept from
 * before: the proof must grow out of it, so that a log which was written anew is found out.
 */
export function auditFaults(
  proof: unknown,
  trust: { anchors: readonly Uint8Array[]; known?: unknown },
): AuditFault[] {
  if (!proofShape.Check(proof)) return [{ reason: 'malformed' }];
  const { checkpoint, entries, since } = proof;
  if (trust.known !== undefined && !checkpointShape.Check(trust.known)) return [{ reason: 'malformed' }];
  const faults: AuditFault[] = sealFault(checkpoint, trust.anchors);
  const root = Buffer.from(checkpoint.root, 'hex');
  for (const { position, entry, path } of entries)
    if (!isIncluded(leafHash(Buffer.from(entry)), position, checkpoint.size, path.map(bytes), root))
      faults.push({ reason: 'entry-not-included', position });
  const earlier = trust.known ?? since?.checkpoint;
  if (earlier) {
    faults.push(...sealFault(earlier, trust.anchors));
    if (earlier.origin !== checkpoint.origin) faults.push({ reason: 'other-origin' });
    const first = { size: earlier.size, root: bytes(earlier.root) };
    // The same log needs no path, and no proof that was made with another one in mind.
    const path = earlier.size === checkpoint.size ? [] : (since?.path ?? []);
    if (!isConsistent(first, { size: checkpoint.size, root }, path.map(bytes)))
      faults.push({ reason: 'log-rewritten', size: earlier.size });
  }
  return faults;
}

/** At the time that it names: an old one stays true when its certificate has ended. */
function sealFault(checkpoint: AuditCheckpoint, anchors: readonly Uint8Array[]): AuditFault[] {
  const { origin, size, at } = checkpoint;
  const trust = { owner: origin, anchors, at: new Date(at) };
  const reason = whySealFails(what, statementOf(checkpoint), checkpoint, trust);
  return reason ? [{ reason, size }] : [];
}

const bytes = (hex: string) => Buffer.from(hex, 'hex');
