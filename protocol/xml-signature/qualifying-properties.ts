import type { X509 } from '../signature/certificate.ts';
import { digestOf } from '../signature/digests.ts';
import { digestOidOf } from '../xml/digest-names.ts';
import {
  allBelow,
  attributeOf,
  childrenNamed,
  elementsOf,
  textOf,
  type XmlElement,
  XmlError,
} from '../xml/nodes.ts';
import { namespaces } from './names.ts';
import { base64Of } from './references.ts';

/** What XAdES adds to a signature (ETSI EN 319 132-1). */
export interface QualifyingProperties {
  signedProperties: XmlElement | null;
  signedAt: Date | null;
  /** Digests of which the signer's certificate must fit one (authorities may be named too); empty when the signature does not name it. */
  certificateDigests: { digestOid: string; digest: Uint8Array }[];
  /** Properties that were laid beside the signature afterwards, in their order. */
  unsigned: XmlElement[];
}

/** The properties of a signature, or null when it is plain XMLDSig. @throws XmlError */
export function readProperties(signature: XmlElement): QualifyingProperties | null {
  const found = childrenNamed(signature, namespaces.signature, 'Object').flatMap(each =>
    elementsOf(each).filter(({ namespace, name }) => isXades(namespace) && name === 'QualifyingProperties'),
  );
  const [properties, ...others] = found;
  if (!properties) return null;
  const [target, ...more] = [attributeOf(properties, 'Target'), attributeOf(signature, 'Id')];
  if (others.length > 0 || (target && target !== `#${more[0] ?? ''}`))
    throw new XmlError('properties of another signature');
  const [signedProperties = null] = childrenNamed(properties, properties.namespace, 'SignedProperties');
  const inSigned = (name: string) =>
    signedProperties
      ? [...allBelow(signedProperties)].filter(
          each => each.namespace === properties.namespace && each.name === name,
        )
      : [];
  const [time] = inSigned('SigningTime');
  return {
    signedProperties,
    signedAt: time ? timeOf(textOf(time)) : null,
    certificateDigests: [...inSigned('SigningCertificate'), ...inSigned('SigningCertificateV2')]
      .flatMap(list => childrenNamed(list, properties.namespace, 'Cert'))
      .flatMap(cert => childrenNamed(cert, properties.namespace, 'CertDigest'))
      .map(readDigest),
    unsigned: childrenNamed(properties, properties.namespace, 'UnsignedProperties')
      .flatMap(each => childrenNamed(each, properties.namespace, 'UnsignedSignatureProperties'))
      .flatMap(elementsOf),
  };
}

/** Versions 1.1.1 to 1.3.2 differ in what they may hold, not in what is read here. */
function isXades(namespace: string): boolean {
  return namespace.startsWith(namespaces.anyXades);
}

function readDigest(element: XmlElement): { digestOid: string; digest: Uint8Array } {
  const [method] = childrenNamed(element, namespaces.signature, 'DigestMethod');
  const [value] = childrenNamed(element, namespaces.signature, 'DigestValue');
  if (!method || !value) throw new XmlError('a certificate digest without its parts');
  return { digestOid: digestOidOf(attributeOf(method, 'Algorithm') ?? ''), digest: base64Of(textOf(value)) };
}

export function isCertificateOf(properties: QualifyingProperties, certificate: X509): boolean {
  if (properties.certificateDigests.length === 0) return true;
  return properties.certificateDigests.some(({ digestOid, digest }) => {
    const own = digestOf(digestOid, certificate.der);
    return own !== undefined && Buffer.compare(own, digest) === 0;
  });
}

function timeOf(text: string): Date {
  const at = new Date(text.trim());
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text.trim()) || Number.isNaN(at.getTime()))
    throw new XmlError('bad time');
  return at;
}
