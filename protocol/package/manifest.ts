import { createHash } from 'node:crypto';
import { limits } from '../limits.ts';
import { malformed } from './malformed.ts';
import { escapeXml, readXml, type XmlElement } from './xml-reader.ts';

/** One file that the manifest speaks for. `sha256` is lower-case hexadecimal. */
export interface ManifestReference {
  name: string;
  mediaType: string | null;
  sha256: string;
}

export interface Manifest {
  signatureName: string;
  references: ManifestReference[];
}

const asic = 'http://uri.etsi.org/02918/v1.2.1#';
const xmlDsig = 'http://www.w3.org/2000/09/xmldsig#';
/** Digest algorithms by their URI; Streebog comes here with the GOST profile. */
const sha256Uri = 'http://www.w3.org/2001/04/xmlenc#sha256';

/** Writes an ASiCManifest (ETSI EN 319 162-1 annex A.4). */
export function writeManifest(
  signatureName: string,
  files: { name: string; mediaType: string; bytes: Uint8Array }[],
): Uint8Array {
  const references = files.map(({ name, mediaType, bytes }) => {
    const digest = createHash('sha256').update(bytes).digest('base64');
    return [
      `  <asic:DataObjectReference URI="${uriOf(name)}" MimeType="${escapeXml(mediaType)}">`,
      `    <ds:DigestMethod Algorithm="${sha256Uri}"/>`,
      `    <ds:DigestValue>${digest}</ds:DigestValue>`,
      '  </asic:DataObjectReference>',
    ].join('\n');
  });
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<asic:ASiCManifest xmlns:asic="${asic}" xmlns:ds="${xmlDsig}">`,
    `  <asic:SigReference URI="${uriOf(signatureName)}" MimeType="application/pkcs7-signature"/>`,
    ...references,
    '</asic:ASiCManifest>',
  ];
  return Buffer.from(`${lines.join('\n')}\n`);
}

/** @throws AppError `package.malformed` */
export function readManifest(bytes: Uint8Array): Manifest {
  if (bytes.length > limits.containerTextBytes) throw malformed('manifest-too-large');
  const root = readXml(bytes);
  expectElement(root, asic, 'ASiCManifest');
  const [signature, ...others] = root.children;
  if (!signature) throw malformed('manifest-structure');
  expectElement(signature, asic, 'SigReference');
  const references = others
    .filter(element => !(element.namespace === asic && element.name === 'ASiCManifestExtensions'))
    .map(readReference);
  if (new Set(references.map(({ name }) => name)).size !== references.length)
    throw malformed('manifest-repeats-a-name');
  return { signatureName: nameOf(signature), references };
}

function readReference(element: XmlElement): ManifestReference {
  expectElement(element, asic, 'DataObjectReference');
  const [method, value] = element.children;
  if (!method || !value) throw malformed('manifest-structure');
  expectElement(method, xmlDsig, 'DigestMethod');
  expectElement(value, xmlDsig, 'DigestValue');
  if (method.attributes.get('Algorithm') !== sha256Uri) throw malformed('manifest-digest-algorithm');
  const digest = Buffer.from(value.text.trim(), 'base64');
  if (digest.length !== 32 || digest.toString('base64') !== value.text.trim())
    throw malformed('manifest-digest');
  return {
    name: nameOf(element),
    mediaType: element.attributes.get('MimeType') ?? null,
    sha256: digest.toString('hex'),
  };
}

function expectElement(element: XmlElement, namespace: string, name: string): void {
  if (element.namespace !== namespace || element.name !== name) throw malformed('manifest-structure');
}

/** A name as a URI relative to the container's root; Cyrillic letters are percent-encoded. */
function uriOf(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

function nameOf(element: XmlElement): string {
  try {
    return decodeURIComponent(element.attributes.get('URI') ?? '');
  } catch (cause) {
    if (cause instanceof URIError) throw malformed('manifest-structure');
    throw cause;
  }
}
