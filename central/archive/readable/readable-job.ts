import type { SignatureVerdict } from '../../../protocol/signature/signature-verdict.ts';
import type { Verdict } from '../../../protocol/signature/verdict.ts';

/** What the child is told, beside the container itself: a JSON file in its folder. */
export interface ReadableJob {
  kind: 'package' | 'result';
  caseNumber: string;
  service: string;
  agency: string;
  branch: string;
  region: string;
  sha256: string;
  /** When it came into the archive; signatures are judged as of then. ISO 8601. */
  keptAt: string;
  timeZone: string;
  /** Titles of documents by their kind. */
  titles: Record<string, string>;
  /** DER in base64. */
  anchors: { documents: string[]; containers: string[] };
}

/** What the child says when it is done. */
export interface ReadableDone {
  pages: number;
  verdict: Verdict;
}

/** Names within the child's folder. */
export const jobFiles = {
  job: 'job.json',
  container: 'container.asice',
  copy: 'copy.pdf',
  done: 'done.json',
} as const;

/** A document of the container as the copy shows it. */
export interface ShownDocument {
  name: string;
  title: string;
  sizeBytes: number;
  /** Null when the file is damaged. */
  sha256: string | null;
  signature: SignatureVerdict;
  /** First and last page within the copy; null when it cannot be shown. */
  pages: { from: number; to: number } | null;
  /** What a reader should know of how it is shown. */
  remark: string | null;
}
