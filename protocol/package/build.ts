import { canonicalJson } from '../canonical.ts';
import { limits } from '../limits.ts';
import { isInDocuments, layout } from './layout.ts';
import { malformed } from './malformed.ts';
import { writeManifest } from './manifest.ts';
import { writeZip } from './zip-writer.ts';

export interface PackageInput {
  /** In the order in which people read them; `name` is a file name such as `01-application.pdf`. */
  documents: { name: string; mediaType: string; bytes: Uint8Array; signature: Uint8Array }[];
  /** Becomes `application.json`. */
  metadata: unknown;
  /** Makes the container's signature: detached CAdES over the manifest. */
  signManifest: (manifest: Uint8Array) => Promise<Uint8Array>;
}

/**
 * Builds an ASiC-E container with CAdES (ETSI EN 319 162-1): each document with its own signature beside
 * it (LED-3.6), and one signature over a manifest that names everything, so that nothing can be taken out
 * or put in. The same input and signature give the same bytes.
 * @throws AppError `package.malformed` for names or sizes that no reader would take
 */
export async function buildPackage(input: PackageInput): Promise<Uint8Array> {
  if (input.documents.length === 0) throw malformed('no-documents');
  const files = input.documents.flatMap(({ name, mediaType, bytes, signature }) => {
    const path = layout.documents + name;
    if (!isInDocuments(path) || name.endsWith(layout.signatureSuffix)) throw malformed('document-name');
    const signaturePath = path + layout.signatureSuffix;
    return [
      { name: path, mediaType, bytes },
      { name: signaturePath, mediaType: 'application/pkcs7-signature', bytes: signature },
    ];
  });
  const metadata = Buffer.from(canonicalJson(input.metadata));
  files.push({ name: layout.metadata, mediaType: 'application/json', bytes: metadata });
  if (metadata.length > limits.containerTextBytes) throw malformed('metadata-too-large');
  const manifest = writeManifest(layout.containerSignature, files);
  return writeZip([
    { name: layout.mimetype, bytes: Buffer.from(layout.mimetypeContent) },
    ...files,
    { name: layout.manifest, bytes: manifest },
    { name: layout.containerSignature, bytes: await input.signManifest(manifest) },
  ]);
}
