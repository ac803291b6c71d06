import { limits } from '../limits.ts';
import { digestOidOf } from '../xml/digest-names.ts';
import {
  attributeOf,
  elementsOf,
  textOf,
  type XmlDocument,
  type XmlElement,
  XmlError,
} from '../xml/nodes.ts';
import { parseXml } from '../xml/parse.ts';
import { malformed, type Oddity } from './malformed.ts';

/** One file that the manifest speaks for. */
export interface ManifestReference {
  name: string;
  mediaType: string | null;
  /** Object identifier of the digest function, or its URI when nobody here knows it. */
  digestOid: string;
  digest: Uint8Array;
}

export interface Manifest {
  signatureName: string;
  references: ManifestReference[];
}

const asic = 'http://uri.etsi.org/02918/v1.2.1#';
const olderAsic = 'http://uri.etsi.org/02918/v1.1.1#';
const xmlDsig = 'http://www.w3.org/2000/09/xmldsig#';
const sha256Uri = 'http://www.w3.org/2001/04/xmlenc#sha256';

/** Writes an ASiCManifest (ETSI EN 319 162-1 annex A.4), or one for archives (annex A.7), which is signed by a stamp. */
export function writeManifest(
  signatureName: string,
  files: { name: string; mediaType: string; sha256: Uint8Array }[],
  signatureType = 'application/pkcs7-signature',
): Uint8Array {
  const references = files.map(({ name, mediaType, sha256 }) => {
    const digest = Buffer.from(sha256).toString('base64');
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
    `  <asic:SigReference URI="${uriOf(signatureName)}" MimeType="${signatureType}"/>`,
    ...references,
    '</asic:ASiCManifest>',
  ];
  return Buffer.from(`${lines.join('\n')}\n`);
}

/** @throws AppError `package.malformed` */
export function readManifest(bytes: Uint8Array, odd: Oddity): Manifest {
  if (bytes.length > limits.containerTextBytes) odd('manifest-too-large');
  const { root, before, after } = parsed(bytes);
  if (before.length + after.length + countOthers(root) > 0) odd('manifest-xml');
  if (root.namespace === olderAsic) odd('manifest-structure');
  const [signature, ...others] = elementsOf(root);
  const isManifest = root.name === 'ASiCManifest' && [asic, olderAsic].includes(root.namespace);
  if (!isManifest || !signature) throw malformed('manifest-structure');
  expectElement(signature, root.namespace, 'SigReference');
  const references = others
    .filter(element => !(element.namespace === root.namespace && element.name === 'ASiCManifestExtensions'))
    .map(element => readReference(element, odd));
  if (new Set(references.map(({ name }) => name)).size !== references.length)
    throw malformed('manifest-repeats-a-name');
  return { signatureName: nameOf(signature), references };
}

function parsed(bytes: Uint8Array): XmlDocument {
  try {
    return parseXml(bytes);
  } catch (cause) {
    if (cause instanceof XmlError) throw malformed('manifest-xml');
    throw cause;
  }
}

/** Comments, instructions and text between elements, which a manifest of ours never has. */
function countOthers(element: XmlElement): number {
  const isLeaf = elementsOf(element).length === 0;
  return element.children.reduce((sum, child) => {
    if (child.kind === 'element') return sum + countOthers(child);
    return sum + (child.kind === 'text' && (isLeaf || child.text.trim() === '') ? 0 : 1);
  }, 0);
}

function readReference(element: XmlElement, odd: Oddity): ManifestReference {
  if (element.name !== 'DataObjectReference') throw malformed('manifest-structure');
  const [method, value] = elementsOf(element);
  if (!method || !value) throw malformed('manifest-structure');
  expectElement(method, xmlDsig, 'DigestMethod');
  expectElement(value, xmlDsig, 'DigestValue');
  const algorithm = attributeOf(method, 'Algorithm') ?? '';
  if (algorithm !== sha256Uri) odd('manifest-digest-algorithm');
  const text = textOf(value).replace(/\s+/g, '');
  const digest = Buffer.from(text, 'base64');
  if (digest.toString('base64') !== text) throw malformed('manifest-digest');
  return {
    name: nameOf(element),
    mediaType: attributeOf(element, 'MimeType'),
    digestOid: digestOidOf(algorithm),
    digest,
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
  return nameOfUri(attributeOf(element, 'URI') ?? '');
}

/** The entry that a URI in a manifest or an XML signature means. @throws AppError `package.malformed` */
export function nameOfUri(uri: string): string {
  try {
    return decodeURIComponent(uri.replace(/^(?:\.?\/)+/, ''));
  } catch (cause) {
    if (cause instanceof URIError) throw malformed('manifest-structure');
    throw cause;
  }
}

function escapeXml(text: string): string {
  return text.replace(
    /[<>&"]/g,
    character => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;' })[character] ?? '&quot;',
  );
}
