import {
  type Seal,
  type SealFault,
  type StatementSeal,
  sealStatement,
  whySealFails,
} from './sealed-statement.ts';

/** What a box swears to: its journal up to a number, by the digest of that fact, which the chain ties to all before. */
export interface CheckpointStatement {
  box: string;
  epoch: string;
  upTo: number;
  /** Digest of fact `upTo` (`hashFact`). */
  head: string;
}

export interface SignedCheckpoint extends StatementSeal {
  upTo: number;
  head: string;
}

/** Why a checkpoint does not hold. */
export type CheckpointFault = SealFault | 'wrong-head';

const what = 'okno-journal-checkpoint-1';

export function signCheckpoint(statement: CheckpointStatement, seal: Seal): SignedCheckpoint {
  return { upTo: statement.upTo, head: statement.head, ...sealStatement(what, statement, seal) };
}

/**
 * Judges a checkpoint of a box's journal: the seal belongs to this box and to one of the anchors at this
 * moment, and it signed the digest that the ledger has for fact `upTo`. Null when it holds.
 */
export function whyCheckpointFails(
  checkpoint: SignedCheckpoint,
  ledger: CheckpointStatement,
  trust: { anchors: readonly Uint8Array[]; at: Date },
): CheckpointFault | null {
  const said = { ...ledger, upTo: checkpoint.upTo, head: checkpoint.head };
  const fault = whySealFails(what, said, checkpoint, { ...trust, owner: ledger.box });
  if (fault) return fault;
  return checkpoint.head === ledger.head && checkpoint.upTo === ledger.upTo ? null : 'wrong-head';
}
