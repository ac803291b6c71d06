import { judgeChains } from '../evidence/archive-chain.ts';
import { readEvidenceRecord } from '../evidence/evidence-record.ts';
import { readXmlEvidenceRecord } from '../evidence/xml-evidence-record.ts';
import { passed, verdictOf } from '../signature/conclude.ts';
import { FormatError } from '../signature/der.ts';
import type { Reason } from '../signature/reasons.ts';
import type { SignatureVerdict } from '../signature/signature-verdict.ts';
import type { Trust } from '../signature/trust.ts';
import type { Entry } from './entry.ts';

/** An evidence record of a container (ETSI EN 319 162-1 clauses 4.3.3.3 and 4.4.3.3). */
export interface ContainerRecord {
  /** Where the record lies. */
  file: string;
  bytes: Uint8Array;
  /** What it must be about: the files that its manifest names, or the only file. */
  covered: readonly Entry[];
  /** Why a file is not as the manifest says, or null. */
  reason: Reason | null;
}

/** Judges a record in either form: `provenAt` is since when it proves its files. Never throws on bad bytes. */
export async function judgeContainerRecord(record: ContainerRecord, trust: Trust): Promise<SignatureVerdict> {
  try {
    const isXml = /\.xml$/i.test(record.file);
    const chains = isXml ? readXmlEvidenceRecord(record.bytes) : readEvidenceRecord(record.bytes);
    if (!chains || record.covered.length === 0) return verdictOf('FORMAT_NOT_SUPPORTED');
    const { at, reason } = await judgeChains(chains, record.covered, trust);
    const whole = record.reason ?? reason;
    return whole ? verdictOf(whole) : passed({ provenAt: at?.toISOString() ?? null });
  } catch (error) {
    if (error instanceof FormatError) return verdictOf('FORMAT_FAILURE');
    throw error;
  }
}
