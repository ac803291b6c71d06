import { findVerifier, pairOf, type Verifier } from '../signature/algorithms.ts';
import { readDer } from '../signature/der.ts';
import { contextTag, objectIdentifier, sequence, unsigned } from '../signature/der-writer.ts';
import { digestOf } from '../signature/digests.ts';
import { digestOidOf } from '../xml/digest-names.ts';
import { attributeOf, childrenNamed, textOf, type XmlElement } from '../xml/nodes.ts';
import { namespaces } from './names.ts';

interface MethodRow {
  oid: string;
  /** The digest to name beside it where the identifier does not. */
  digestOid?: string;
  /** r‖s of equal length instead of a SEQUENCE (RFC 9231 section 2.3.6). */
  isPair?: true;
  /** RSA-PSS with this hash for everything, and a salt as long as it. */
  pss?: { digestOid: string; maskOid?: string; saltLength: number };
}

const sha = {
  '1': '1.3.14.3.2.26',
  '224': '2.16.840.1.101.3.4.2.4',
  '256': '2.16.840.1.101.3.4.2.1',
  '384': '2.16.840.1.101.3.4.2.2',
  '512': '2.16.840.1.101.3.4.2.3',
  '3-256': '2.16.840.1.101.3.4.2.8',
  '3-384': '2.16.840.1.101.3.4.2.9',
  '3-512': '2.16.840.1.101.3.4.2.10',
} as const;
const more = 'http://www.w3.org/2001/04/xmldsig-more#';
const newer = 'http://www.w3.org/2007/05/xmldsig-more#';
const newest = 'http://www.w3.org/2021/04/xmldsig-more#';
const cryptoPro = 'urn:ietf:params:xml:ns:cpxmlsec:algorithms:';
const gost256: MethodRow = { oid: '1.2.643.7.1.1.1.1', digestOid: '1.2.643.7.1.1.2.2' };
const gost512: MethodRow = { oid: '1.2.643.7.1.1.1.2', digestOid: '1.2.643.7.1.1.2.3' };
const gost2001: MethodRow = { oid: '1.2.643.2.2.19', digestOid: '1.2.643.2.2.9' };
const pss = (bits: keyof typeof sha, saltLength: number): MethodRow => ({
  oid: '1.2.840.113549.1.1.10',
  pss: { digestOid: sha[bits], saltLength },
});

/** Signature algorithms of XML by URI. A keyed hash (HMAC) is missing on purpose: it proves no signer. */
const methods: Readonly<Record<string, MethodRow>> = {
  'http://www.w3.org/2000/09/xmldsig#rsa-sha1': { oid: '1.2.840.113549.1.1.5' },
  'http://www.w3.org/2000/09/xmldsig#dsa-sha1': { oid: '1.2.840.10040.4.3', isPair: true },
  'http://www.w3.org/2009/xmldsig11#dsa-sha256': { oid: '2.16.840.1.101.3.4.3.2', isPair: true },
  [`${more}rsa-sha224`]: { oid: '1.2.840.113549.1.1.14' },
  [`${more}rsa-sha256`]: { oid: '1.2.840.113549.1.1.11' },
  [`${more}rsa-sha384`]: { oid: '1.2.840.113549.1.1.12' },
  [`${more}rsa-sha512`]: { oid: '1.2.840.113549.1.1.13' },
  [`${more}ecdsa-sha1`]: { oid: '1.2.840.10045.4.1', isPair: true },
  [`${more}ecdsa-sha224`]: { oid: '1.2.840.10045.4.3.1', isPair: true },
  [`${more}ecdsa-sha256`]: { oid: '1.2.840.10045.4.3.2', isPair: true },
  [`${more}ecdsa-sha384`]: { oid: '1.2.840.10045.4.3.3', isPair: true },
  [`${more}ecdsa-sha512`]: { oid: '1.2.840.10045.4.3.4', isPair: true },
  [`${newer}sha1-rsa-MGF1`]: pss('1', 20),
  [`${newer}sha224-rsa-MGF1`]: pss('224', 28),
  [`${newer}sha256-rsa-MGF1`]: pss('256', 32),
  [`${newer}sha384-rsa-MGF1`]: pss('384', 48),
  [`${newer}sha512-rsa-MGF1`]: pss('512', 64),
  [`${newer}sha3-256-rsa-MGF1`]: pss('3-256', 32),
  [`${newer}sha3-384-rsa-MGF1`]: pss('3-384', 48),
  [`${newer}sha3-512-rsa-MGF1`]: pss('3-512', 64),
  [`${newest}ecdsa-sha3-256`]: { oid: '2.16.840.1.101.3.4.3.10', isPair: true },
  [`${newest}ecdsa-sha3-384`]: { oid: '2.16.840.1.101.3.4.3.11', isPair: true },
  [`${newest}ecdsa-sha3-512`]: { oid: '2.16.840.1.101.3.4.3.12', isPair: true },
  [`${newest}eddsa-ed25519`]: { oid: '1.3.101.112' },
  [`${newest}eddsa-ed448`]: { oid: '1.3.101.113' },
  [`${cryptoPro}gostr34102001-gostr3411`]: gost2001,
  [`${more}gostr34102001-gostr3411`]: gost2001,
  [`${cryptoPro}gostr34102012-gostr34112012-256`]: gost256,
  [`${cryptoPro}gostr34102012-gostr34112012-512`]: gost512,
  [`${more}gostr34102012-gostr34112012-256`]: gost256,
  [`${more}gostr34102012-gostr34112012-512`]: gost512,
};

/** RSA-PSS that says its functions beside its name (RFC 9231 section 2.3.9). */
const pssWithParameters = `${newer}rsa-pss`;

/** The verifier for a SignatureMethod and a key; undefined when the algorithm is not known here. @throws XmlError */
export function findXmlVerifier(method: XmlElement, spki: Uint8Array): Verifier | undefined {
  const uri = attributeOf(method, 'Algorithm') ?? '';
  const row = uri === pssWithParameters ? pssOf(method) : methods[uri];
  if (!row) return undefined;
  const parameters = row.pss ? pssParameters(row.pss) : null;
  const verifier = findVerifier({ oid: row.oid, parameters }, row.digestOid ?? null, spki);
  if (!verifier || !row.isPair) return verifier;
  return { ...verifier, verify: (signed, value) => verifier.verify(signed, pairOf(value)) };
}

function pssParameters({ digestOid, maskOid = digestOid, saltLength }: NonNullable<MethodRow['pss']>) {
  const hash = sequence(objectIdentifier(digestOid));
  const mask = sequence(objectIdentifier('1.2.840.113549.1.1.8'), sequence(objectIdentifier(maskOid)));
  const salt = unsigned(Uint8Array.of(saltLength));
  return readDer(sequence(contextTag(0, hash), contextTag(1, mask), contextTag(2, salt)));
}

/** Everything is SHA-256 and the salt as long as the digest unless it is said; other masks than MGF1 are not known. */
function pssOf(method: XmlElement): MethodRow | undefined {
  const [parameters] = childrenNamed(method, newer, 'RSAPSSParams');
  const digestIn = (element: XmlElement | undefined) => {
    const [named] = element ? childrenNamed(element, namespaces.signature, 'DigestMethod') : [];
    return named && digestOidOf(attributeOf(named, 'Algorithm') ?? '');
  };
  const [mask] = parameters ? childrenNamed(parameters, newer, 'MaskGenerationFunction') : [];
  if (mask && attributeOf(mask, 'Algorithm') !== `${newer}MGF1`) return undefined;
  const digestOid = digestIn(parameters) ?? sha['256'];
  const maskOid = digestIn(mask) ?? (mask ? sha['256'] : digestOid);
  const bytes = digestOf(digestOid, new Uint8Array())?.length;
  const [salt] = parameters ? childrenNamed(parameters, newer, 'SaltLength') : [];
  const saltLength = salt ? Number(textOf(salt)) : bytes;
  if (saltLength === undefined || !Number.isInteger(saltLength) || saltLength < 0 || saltLength > 255)
    return undefined;
  return { oid: '1.2.840.113549.1.1.10', pss: { digestOid, maskOid, saltLength } };
}
