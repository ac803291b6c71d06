import { basename } from 'node:path';
import type { ContainerReport, PackageReport } from '../../protocol/package/asice.ts';
import { layout } from '../../protocol/package/layout.ts';
import type { PdfReport } from '../../protocol/pdf-signature/verify.ts';
import type { CmsReport } from '../../protocol/signature/cms-verify.ts';
import type { SignatureVerdict, Signer } from '../../protocol/signature/signature-verdict.ts';
import type { Verdict } from '../../protocol/signature/verdict.ts';
import { indications } from '../../protocol/signature/verdict.ts';
import type { XmlReport } from '../../protocol/xml-signature/verify.ts';

/** What `okno verify --json` prints: README.md of this folder tells what each field means. */
export interface FileReport {
  file: string;
  kind: 'package' | 'asic-e' | 'asic-s' | 'zip' | 'cms' | 'xml' | 'pdf' | 'unknown';
  verdict: Verdict;
  indication: (typeof indications)[Verdict];
  reasons: string[];
  signatures: SignatureLine[];
  files: { name: string; signedBy: string[] }[];
  uncovered: string[];
  notes: string[];
  /** The earliest time at which the file is proved to have existed by what lies beside it; ISO 8601 in UTC. */
  provenSince: string | null;
  /** Why the container could not be read, as a short code, or null. */
  detail: string | null;
}

export interface SignatureLine {
  /** File name of the document; the manifest's path for the signature over the whole container. */
  document: string;
  /** Where the signature lies. */
  signature: string;
  format: 'CAdES' | 'XAdES' | 'XMLDSig' | 'PAdES' | 'time-stamp' | 'evidence-record' | null;
  role: 'signer' | 'counter-signer' | 'time-stamp' | 'applicant';
  verdict: Verdict;
  indication: (typeof indications)[Verdict];
  reasons: string[];
  signer: Signer | null;
  algorithm: string | null;
  signedAt: string | null;
  level: SignatureVerdict['level'];
  provenAt: string | null;
  covers: string[];
  notes: string[];
}

type Place = Pick<SignatureLine, 'document' | 'signature' | 'covers'> &
  Partial<Pick<SignatureLine, 'format' | 'role'>>;

/** One signature as a line of the report. */
export function lineOf(verdict: SignatureVerdict, place: Place): SignatureLine {
  const { signer, algorithm, signedAt, reason, level, provenAt, notes } = verdict;
  return {
    format: 'CAdES',
    role: 'signer',
    ...place,
    verdict: verdict.verdict,
    indication: indications[verdict.verdict],
    reasons: reason ? [reason] : [],
    signer,
    algorithm,
    signedAt,
    level,
    provenAt,
    notes,
  };
}

/** A message with its document beside or inside it. */
export function cmsReport(file: string, judged: CmsReport, place: Place): FileReport {
  const signatures = judged.signatures.map(each => lineOf(each, { ...place, role: each.role }));
  const reasons = [...new Set(signatures.flatMap(line => line.reasons))];
  const files = [{ name: place.document, signedBy: [place.signature] }];
  return reportOf(file, { kind: 'cms', verdict: judged.verdict, reasons, signatures, files });
}

export function containerReport(file: string, judged: ContainerReport): FileReport {
  const signatures = judged.signatures.map(each =>
    lineOf(each, {
      document: each.covers.length === 1 ? (each.covers[0] ?? each.file) : each.file,
      signature: each.file,
      format: each.format,
      role: each.role,
      covers: each.covers,
    }),
  );
  const { oddities, ...rest } = judged;
  return reportOf(file, { ...rest, signatures, notes: oddities });
}

/** An XML message with its signatures inside: `''` covers the whole of it, `#id` a part. */
export function xmlReport(file: string, judged: XmlReport): FileReport {
  const document = basename(file);
  const signatures = judged.signatures.map(each =>
    lineOf(each, { document, signature: document, format: each.format, covers: each.covers }),
  );
  const reasons = [...new Set(signatures.flatMap(line => line.reasons))];
  if (signatures.length === 0)
    return reportOf(file, { kind: 'xml', verdict: 'failed', reasons: ['NO_SIGNATURE'], signatures });
  const isWhole = judged.signatures.some(({ covers }) => covers.includes(''));
  const notes = isWhole ? [] : ['signs-part'];
  return reportOf(file, { kind: 'xml', verdict: judged.verdict, reasons, signatures, notes });
}

/** A PDF file with its signatures inside, each over all that stood in the file when it was made. */
export function pdfReport(file: string, judged: PdfReport): FileReport {
  const document = basename(file);
  const place = { document, signature: document, covers: [''] };
  const signatures = judged.signatures.map(each =>
    lineOf(each, { ...place, role: each.role, format: each.role === 'time-stamp' ? 'time-stamp' : 'PAdES' }),
  );
  return reportOf(file, { ...judged, kind: 'pdf', signatures });
}

/** A package of branches and agencies, judged by the rules of the exchange. */
export function packageReport(file: string, judged: PackageReport): FileReport {
  const { documents, container } = judged;
  const paths = documents.map(({ name }) => layout.documents + name);
  const signatures = [
    ...documents.flatMap(document => {
      const path = layout.documents + document.name;
      const place = { document: document.name, covers: [path] };
      const clerk = lineOf(document, { ...place, signature: path + layout.signatureSuffix });
      if (!document.applicant) return [clerk];
      const signature = path + layout.applicantSuffix;
      return [clerk, lineOf(document.applicant, { ...place, signature, role: 'applicant' })];
    }),
    lineOf(container, { document: layout.manifest, signature: layout.containerSignature, covers: paths }),
  ];
  const files = paths.map(name => ({
    name,
    signedBy: [
      ...signatures.filter(({ document }) => layout.documents + document === name),
      { signature: layout.containerSignature },
    ].map(({ signature }) => signature),
  }));
  return reportOf(file, { ...judged, kind: 'package', signatures, files });
}

export function reportOf(
  file: string,
  found: Pick<FileReport, 'kind' | 'verdict' | 'reasons' | 'signatures'> & Partial<FileReport>,
): FileReport {
  const { kind, verdict, reasons, signatures, files = [], uncovered = [], notes = [], detail = null } = found;
  const { provenSince = null } = found;
  const indication = indications[verdict];
  return {
    file,
    kind,
    verdict,
    indication,
    reasons,
    signatures,
    files,
    uncovered,
    notes,
    provenSince,
    detail,
  };
}
