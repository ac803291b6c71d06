import { allBelow, attributeOf, childrenNamed, textOf, type XmlElement } from '../xml/nodes.ts';
import { namespaces } from './names.ts';
import { base64Of, elementMeant, type ReferenceContext } from './references.ts';

/**
 * Certificates, revocation lists and answers of responders that travel with an XML signature, DER: in KeyInfo, in a token of
 * WS-Security that KeyInfo points to, and in the values of XAdES. @throws XmlError
 */
export function certificatesOf(context: ReferenceContext): {
  certificates: Uint8Array[];
  lists: Uint8Array[];
  answers: Uint8Array[];
} {
  const { signature, document } = context;
  const info = childrenNamed(signature, namespaces.signature, 'KeyInfo').flatMap(each => [...allBelow(each)]);
  const objects = childrenNamed(signature, namespaces.signature, 'Object').flatMap(each => [
    ...allBelow(each),
  ]);
  const tokens = info
    .filter(each => each.namespace === namespaces.wsSecurity && each.name === 'Reference')
    .flatMap(each => elementMeant(attributeOf(each, 'URI') ?? '#', document) ?? [])
    .filter(each => each.name === 'BinarySecurityToken');
  const named = (elements: XmlElement[], namespace: string, name: string) =>
    elements.filter(each => each.namespace.startsWith(namespace) && each.name === name);
  return {
    certificates: [
      ...named(info, namespaces.signature, 'X509Certificate'),
      ...tokens,
      ...named(objects, namespaces.anyXades, 'EncapsulatedX509Certificate'),
    ].map(bytesOf),
    lists: [
      ...named(info, namespaces.signature, 'X509CRL'),
      ...named(objects, namespaces.anyXades, 'EncapsulatedCRLValue'),
    ].map(bytesOf),
    answers: named(objects, namespaces.anyXades, 'EncapsulatedOCSPValue').map(bytesOf),
  };
}

function bytesOf(element: XmlElement): Uint8Array {
  return base64Of(textOf(element));
}
