import type { Reason } from '../signature/reasons.ts';
import type { SignatureVerdict } from '../signature/signature-verdict.ts';
import type { Verdict } from '../signature/verdict.ts';
import type { ContainerLayout } from './container-layout.ts';

export interface ContainerReport {
  kind: ContainerLayout['kind'];
  verdict: Verdict;
  /** Names of `reasons`, without repeats; empty when everything passed. */
  reasons: Reason[];
  signatures: ContainerSignature[];
  /** Every file that should be signed, and the signatures that speak for it. */
  files: { name: string; signedBy: string[] }[];
  /** Files that nobody signed. */
  uncovered: string[];
  /** What is unusual about the container but leads nobody astray, as codes. */
  oddities: string[];
  /** Why the container could not be read, as the `reason` of `package.malformed`; else null. */
  detail: string | null;
}

export interface ContainerSignature extends SignatureVerdict {
  /** Where the signature lies in the container. */
  file: string;
  format: 'CAdES' | 'XAdES' | 'time-stamp' | 'evidence-record';
  role: 'signer' | 'counter-signer' | 'time-stamp';
  /** Names of the files it speaks for. */
  covers: string[];
}
