import { layout } from './layout.ts';
import { malformed, type Oddity } from './malformed.ts';
import type { ZipFile } from './zip-reader.ts';

/** What the files of a container are for (ETSI EN 319 162-1 clauses 4.3 and 4.4). */
export interface ContainerLayout {
  kind: 'asic-e' | 'asic-s' | 'zip';
  /** Everything that somebody should have signed. */
  data: ZipFile[];
  /** CAdES signatures over a manifest or over the only file. */
  cades: ZipFile[];
  xades: ZipFile[];
  stamps: ZipFile[];
  manifests: ZipFile[];
  /** Evidence records (RFC 4998, RFC 6283). */
  evidenceRecords: ZipFile[];
  /** Signatures that lie beside the file that they are about, as `name.pdf.sig` beside `name.pdf`. */
  beside: { signature: ZipFile; document: ZipFile }[];
}

const types: Readonly<Record<string, ContainerLayout['kind']>> = {
  'application/vnd.etsi.asic-e+zip': 'asic-e',
  'application/vnd.etsi.asic-s+zip': 'asic-s',
};
/** Whether these are the files of a package as branches and agencies exchange it, with rules of its own. */
export function isOwnLayout(files: readonly { name: string }[]): boolean {
  const names = new Set(files.map(({ name }) => name));
  return [layout.metadata, layout.manifest, layout.containerSignature].every(name => names.has(name));
}

const metaFolder = 'META-INF/';
const besidePattern = /\.(?:sig|p7s|sgn)$/i;
/** Files of the frame that carry no content: they may stand there unsigned. */
const frame = [
  /^META-INF\/[^/]*ASiC[A-Za-z]*Manifest[^/]*\.xml$/i,
  /^META-INF\/(?:manifest|container|metadata)\.xml$/,
];

/** Sorts the files of a container; `type` is what its `mimetype` says, or null without one. */
export function layoutOf(files: ZipFile[], type: string | null, odd: Oddity): ContainerLayout {
  for (const { name } of files) checkReserved(name);
  const inMeta = (pattern: RegExp) => files.filter(({ name }) => pattern.test(name));
  const cades = inMeta(/^META-INF\/[^/]*\.p7s$/i);
  const xades = inMeta(/^META-INF\/[^/]*signatures[^/]*\.xml$/i);
  const stamps = inMeta(/^META-INF\/[^/]*\.tst$/i);
  const manifests = inMeta(/^META-INF\/[^/]*ASiC(?:Archive|EvidenceRecord)?Manifest[^/]*\.xml$/i);
  const evidenceRecords = inMeta(/^META-INF\/[^/]*evidencerecord(?!manifest)[^/]*\.(?:xml|ers)$/i);
  const known = new Set([...cades, ...xades, ...stamps, ...manifests, ...evidenceRecords]);
  const rest = files.filter(
    file => file.name !== 'mimetype' && !known.has(file) && !frame.some(pattern => pattern.test(file.name)),
  );
  const byName = new Map(rest.map(file => [file.name, file]));
  const beside = rest.flatMap(signature => {
    const document = byName.get(signature.name.replace(besidePattern, ''));
    return document && document !== signature ? [{ signature, document }] : [];
  });
  const signatures = new Set(beside.map(({ signature }) => signature));
  const kind = type === null ? undefined : types[type];
  if (type !== null && !kind) odd('mimetype-unknown');
  const hasMeta = cades.length + xades.length + stamps.length > 0;
  return {
    kind: kind ?? (!hasMeta ? 'zip' : manifests.length > 0 || rest.length > 1 ? 'asic-e' : 'asic-s'),
    data: rest.filter(file => !signatures.has(file)),
    cades,
    xades,
    stamps,
    manifests,
    evidenceRecords,
    beside,
  };
}

/** A file that only looks like one of the frame: on a disk that ignores case it would take its place. */
function checkReserved(name: string): void {
  const lower = name.toLowerCase();
  const isFrame = lower.startsWith(metaFolder.toLowerCase()) || lower === 'mimetype' || lower === 'meta-inf';
  if (isFrame && !name.startsWith(metaFolder) && name !== 'mimetype') throw malformed('reserved-name');
}
