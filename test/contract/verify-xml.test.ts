import assert from 'node:assert/strict';
import { constants, createHash, sign } from 'node:crypto';
import { suite, test } from 'node:test';
import { publicKeyOf } from '../../protocol/gost/signature.ts';
import { verifyContainer } from '../../protocol/package/asice.ts';
import { sourceOf } from '../../protocol/package/byte-source.ts';
import { gostSpki } from '../../protocol/signature/gost-keys.ts';
import { signatureProfiles } from '../../protocol/signature/profiles.ts';
import { trustOf } from '../../protocol/signature/trust.ts';
import { canonicalForm } from '../../protocol/xml/canonical.ts';
import { allBelow, type XmlElement } from '../../protocol/xml/nodes.ts';
import { parseXml } from '../../protocol/xml/parse.ts';
import { smevForm } from '../../protocol/xml-signature/smev-transform.ts';
import { verifyXml } from '../../protocol/xml-signature/verify.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { opensslWorkshop, stampExtensions } from '../fixtures/foreign/openssl.ts';
import { certify, makeGostAuthority, makeGostKey } from '../fixtures/gost-signers.ts';
import { rawZip } from '../fixtures/raw-zip.ts';
import { makeSigner } from '../fixtures/signers.ts';

const authority = await createAuthority('Вымышленный удостоверяющий центр');
const signer = await makeSigner(authority, 'ecdsa-p256-sha256');
const other = await makeSigner(authority, 'rsa-pkcs1-sha256');
const workshop = opensslWorkshop();
const tsa = workshop.issue('tsa', { extensions: stampExtensions });
const gostRoot = makeGostAuthority('gost-2012-256', 'Вымышленный УЦ');
const gostKey = makeGostKey('gost-2012-256');
const gostClerk = certify({
  commonName: 'Проба Тестовна',
  spki: gostSpki(publicKeyOf(gostKey)),
  issuer: gostRoot,
});
const trust = trustOf({
  anchors: [authority.certificateDer, gostRoot.certificate],
  timeStampAnchors: [tsa],
  at: new Date(Date.now() + 60_000),
});

const ds = 'http://www.w3.org/2000/09/xmldsig#';
const xades = 'http://uri.etsi.org/01903/v1.3.2#';
const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const enveloped = `<ds:Transform Algorithm="${ds}enveloped-signature"/>`;
const toExclusive = `<ds:Transform Algorithm="${exclusive}"/>`;
const toSmev = '<ds:Transform Algorithm="urn://smev-gov-ru/xmldsig/transform"/>';
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64');
const inBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

interface Wish {
  uri?: string;
  transforms?: string;
  /** What is digested for the reference; the body without signature by default. */
  digested?: (root: XmlElement) => Uint8Array;
  certificate?: Uint8Array | null;
  method?: string;
  /** What stands inside SignatureMethod. */
  parameters?: string;
  /** Leaves the address of the reference out. */
  noAddress?: boolean;
  /** XAdES: the certificate that its properties name, and a time. */
  properties?: { certificate?: Uint8Array; time?: boolean; signed?: boolean };
  stamp?: boolean;
  /** Signs SignedInfo by another key than the usual one. */
  sign?: (bytes: Uint8Array) => Uint8Array;
}

const byPss = (parameters: string, { hash, saltLength }: { hash: string; saltLength: number }): Wish => ({
  certificate: other.certificate,
  method: 'http://www.w3.org/2007/05/xmldsig-more#rsa-pss',
  parameters: `<pss:RSAPSSParams xmlns:pss="http://www.w3.org/2007/05/xmldsig-more#">${parameters}</pss:RSAPSSParams>`,
  sign: bytes => sign(hash, bytes, { key: other.key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }),
});

const body = (signature: string) =>
  `<m:message xmlns:m="urn:invented"><m:part Id="part">Заявление &amp; ещё</m:part>\n${signature}</m:message>`;

/** An XML signature put together step by step, as XMLDSig section 3.1 tells. */
function signXml(wish: Wish = {}): string {
  const { uri = '', transforms = enveloped + toExclusive, properties } = wish;
  const root = parseXml(Buffer.from(body(''))).root;
  const digested = wish.digested ?? (element => canonicalForm(element, { exclusive: true, comments: false }));
  const named = properties?.certificate
    ? `<xades:SigningCertificateV2><xades:Cert><xades:CertDigest><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>${sha256(properties.certificate)}</ds:DigestValue></xades:CertDigest></xades:Cert></xades:SigningCertificateV2>`
    : '';
  const time =
    properties?.time === false ? '' : `<xades:SigningTime>${new Date().toISOString()}</xades:SigningTime>`;
  const signedProperties = `<xades:SignedProperties xmlns:xades="${xades}" xmlns:ds="${ds}" Id="props"><xades:SignedSignatureProperties>${time}${named}</xades:SignedSignatureProperties></xades:SignedProperties>`;
  const reference = (address: string | null, digest: string, extra: string, steps: string) =>
    `<ds:Reference${address === null ? '' : ` URI="${address}"`}${extra}><ds:Transforms>${steps}</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference>`;
  const propertiesDigest = sha256(
    canonicalForm(parseXml(Buffer.from(signedProperties)).root, { exclusive: true, comments: false }),
  );
  const references =
    reference(wish.noAddress ? null : uri, sha256(digested(root)), '', transforms) +
    (properties && properties.signed !== false
      ? reference(
          '#props',
          propertiesDigest,
          ' Type="http://uri.etsi.org/01903#SignedProperties"',
          toExclusive,
        )
      : '');
  const method = wish.method ?? 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256';
  const signedInfo = `<ds:SignedInfo xmlns:ds="${ds}"><ds:CanonicalizationMethod Algorithm="${exclusive}"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="${method}">${wish.parameters ?? ''}</ds:SignatureMethod>${references}</ds:SignedInfo>`;
  const canonical = canonicalForm(parseXml(Buffer.from(signedInfo)).root, {
    exclusive: true,
    comments: false,
  });
  const ownSign = () => sign('sha256', canonical, { key: signer.key, dsaEncoding: 'ieee-p1363' });
  const value = wish.sign?.(canonical) ?? ownSign();
  const valueElement = `<ds:SignatureValue xmlns:ds="${ds}">${inBase64(value)}</ds:SignatureValue>`;
  const stamped = canonicalForm(parseXml(Buffer.from(valueElement)).root, {
    exclusive: true,
    comments: false,
  });
  const stamp = wish.stamp
    ? `<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:SignatureTimeStamp><ds:CanonicalizationMethod Algorithm="${exclusive}"/><xades:EncapsulatedTimeStamp>${inBase64(workshop.stamp('tsa', stamped))}</xades:EncapsulatedTimeStamp></xades:SignatureTimeStamp></xades:UnsignedSignatureProperties></xades:UnsignedProperties>`
    : '';
  const object = properties
    ? `<ds:Object><xades:QualifyingProperties xmlns:xades="${xades}" Target="#sig">${signedProperties}${stamp}</xades:QualifyingProperties></ds:Object>`
    : '';
  const certificate = wish.certificate === undefined ? signer.certificate : wish.certificate;
  const keyInfo = certificate
    ? `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${inBase64(certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`
    : '';
  return `<ds:Signature xmlns:ds="${ds}" Id="sig">${signedInfo}${valueElement}${keyInfo}${object}</ds:Signature>`;
}

async function verdict(xml: string): Promise<string> {
  const { signatures } = await verifyXml(Buffer.from(xml), trust);
  return signatures.map(each => (each.reason ? `${each.verdict} ${each.reason}` : each.verdict)).join(' | ');
}

const partOf = (root: XmlElement) => [...allBelow(root)].find(({ name }) => name === 'part') ?? root;
const byPart = {
  uri: '#part',
  transforms: toExclusive,
  digested: (root: XmlElement) => canonicalForm(partOf(root), { exclusive: true, comments: false }),
};
const bySmev = {
  ...byPart,
  transforms: toExclusive + toSmev,
  digested: (root: XmlElement) => smevForm(partOf(root)),
};
const byGost = {
  method: 'urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34102012-gostr34112012-256',
  certificate: gostClerk,
  sign: (bytes: Uint8Array) => signatureProfiles['gost-2012-256'].sign(gostKey, bytes),
};
const named = { certificate: signer.certificate };
const good = body(signXml());
const weak = 'indeterminate CRYPTO_CONSTRAINTS_FAILURE';

const rows: [name: string, xml: () => string, expected: string][] = [
  ['XMLDSig over the whole message', () => good, 'passed'],
  ['over a part', () => body(signXml(byPart)), 'passed'],
  ['by the transform of СМЭВ 3', () => body(signXml(bySmev)), 'passed'],
  [
    'by the transform of СМЭВ 3, laid out anew',
    () => body(signXml(bySmev)).replace('<m:part', '\n\n  <m:part'),
    'passed',
  ],
  [
    'by ГОСТ Р 34.10-2012 and the transform of СМЭВ 3',
    () => body(signXml({ ...bySmev, ...byGost })),
    'passed',
  ],
  [
    'by ГОСТ Р 34.10-2012 over other text',
    () => body(signXml({ ...bySmev, ...byGost })).replace('ещё', 'нет'),
    'failed HASH_FAILURE',
  ],
  ['XAdES', () => body(signXml({ properties: named })), 'passed'],
  ['XAdES with a time stamp', () => body(signXml({ properties: named, stamp: true })), 'passed'],
  [
    'XAdES that names no certificate',
    () => body(signXml({ properties: {} })),
    'indeterminate SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'XAdES without a time',
    () => body(signXml({ properties: { ...named, time: false } })),
    'indeterminate SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'XAdES whose properties are not signed',
    () => body(signXml({ properties: { ...named, signed: false } })),
    'indeterminate SIG_CONSTRAINTS_FAILURE',
  ],
  [
    "XAdES that names another's certificate",
    () => body(signXml({ properties: { certificate: other.certificate } })),
    'indeterminate NO_SIGNING_CERTIFICATE_FOUND',
  ],
  ['changed text', () => good.replace('Заявление', 'Жалоба'), 'failed HASH_FAILURE'],
  [
    'a changed property',
    () => body(signXml({ properties: named })).replace(/<xades:SigningTime>20/, '<xades:SigningTime>19'),
    'failed HASH_FAILURE',
  ],
  [
    'a changed value',
    () =>
      good.replace(/(<ds:SignatureValue[^>]*>)(.)/, (_, tag, digit) => `${tag}${digit === 'A' ? 'B' : 'A'}`),
    'failed SIG_CRYPTO_FAILURE',
  ],
  [
    'a changed SignedInfo',
    () => good.replace('#enveloped-signature"/>', '#enveloped-signature" Note="x"/>'),
    'failed SIG_CRYPTO_FAILURE',
  ],
  [
    "another's certificate",
    () => body(signXml({ certificate: other.certificate })),
    'failed SIG_CRYPTO_FAILURE',
  ],
  [
    'no certificate',
    () => body(signXml({ certificate: null })),
    'indeterminate NO_SIGNING_CERTIFICATE_FOUND',
  ],
  [
    'a keyed hash instead of a signature',
    () => body(signXml({ method: 'http://www.w3.org/2000/09/xmldsig#hmac-sha1' })),
    weak,
  ],
  [
    'a part that is not there',
    () => body(signXml(byPart)).replace('Id="part"', 'Id="else"'),
    'indeterminate SIGNED_DATA_NOT_FOUND',
  ],
  [
    'two parts with one name (signature wrapping)',
    () => body(signXml(byPart)).replace('<m:part', '<m:evil Id="part"/><m:part'),
    'failed FORMAT_FAILURE',
  ],
  [
    'a reference without address whose transform says what is meant',
    () => body(signXml({ noAddress: true })),
    'passed',
  ],
  [
    'a reference without address and without that transform',
    () => body(signXml({ noAddress: true, transforms: toExclusive })),
    'indeterminate FORMAT_NOT_SUPPORTED',
  ],
  [
    'RSA-PSS with its functions beside its name (RFC 9231 section 2.3.9)',
    () => body(signXml(byPss('', { hash: 'sha256', saltLength: 32 }))),
    'passed',
  ],
  [
    'the same with SHA-512 and a short salt',
    () =>
      body(
        signXml(
          byPss(
            '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha512"></ds:DigestMethod><pss:SaltLength>16</pss:SaltLength>',
            { hash: 'sha512', saltLength: 16 },
          ),
        ),
      ),
    'passed',
  ],
  [
    'the same with another salt than it says',
    () => body(signXml(byPss('', { hash: 'sha256', saltLength: 20 }))),
    'failed SIG_CRYPTO_FAILURE',
  ],
  [
    'a transform nobody follows',
    () =>
      body(
        signXml({ transforms: '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>' }),
      ),
    'indeterminate FORMAT_NOT_SUPPORTED',
  ],
  [
    'a file that is not at hand',
    () => body(signXml({ uri: 'other.txt' })),
    'indeterminate SIGNED_DATA_NOT_FOUND',
  ],
  ['no SignedInfo', () => good.replaceAll('SignedInfo', 'Signed'), 'failed FORMAT_FAILURE'],
  [
    'two SignedInfo',
    () => good.replace(/<ds:SignedInfo.*<\/ds:SignedInfo>/s, all => all + all),
    'failed FORMAT_FAILURE',
  ],
  ['a document type', () => `<!DOCTYPE m>${good}`, 'failed FORMAT_FAILURE'],
  ['an entity', () => good.replace('&amp;', '&boom;'), 'failed FORMAT_FAILURE'],
  ['no signature', () => body(''), ''],
];
suite('an XML signature', () => {
  for (const [name, xml, expected] of rows)
    test(`${name}: ${expected || 'none'}`, async () => assert.equal(await verdict(xml()), expected));

  test('a stamp lifts XAdES to level T, and what is signed is told', async () => {
    const { signatures } = await verifyXml(
      Buffer.from(body(signXml({ properties: named, stamp: true }))),
      trust,
    );
    assert.equal(signatures[0]?.level, 'T');
    assert.deepEqual(signatures[0]?.covers, ['']);
    assert.equal(signatures[0]?.format, 'XAdES');
  });

  test('a container with XAdES: each reference names a file', async () => {
    const letter = { name: 'письмо.txt', bytes: Buffer.from('Выдуманное письмо') };
    const wish = { uri: encodeURIComponent(letter.name), digested: () => letter.bytes, properties: named };
    const xml = `<a:XAdESSignatures xmlns:a="http://uri.etsi.org/02918/v1.2.1#">${signXml({ ...wish, transforms: '' })}</a:XAdESSignatures>`;
    const container = (content: Uint8Array) =>
      rawZip([
        { name: 'mimetype', bytes: Buffer.from('application/vnd.etsi.asic-e+zip') },
        { ...letter, bytes: content },
        { name: 'META-INF/signatures001.xml', bytes: Buffer.from(xml) },
      ]);
    const report = await verifyContainer(sourceOf(container(letter.bytes)), trust);
    assert.deepEqual([report.verdict, report.files[0]?.signedBy], ['passed', ['META-INF/signatures001.xml']]);
    const changed = await verifyContainer(sourceOf(container(Buffer.from('Другое письмо'))), trust);
    assert.deepEqual([changed.verdict, changed.reasons], ['failed', ['HASH_FAILURE']]);
  });
});

test('the transform of СМЭВ 3: prefixes by order, blanks away, attributes sorted', () => {
  const xml =
    '<!-- c --><a xmlns="urn:1" xmlns:u="urn:u" xmlns:q="urn:2" z="1" q:b="2" a="&lt;">\n  <q:c/><d xmlns="urn:3"> x </d></a>';
  const expected =
    '<ns1:a xmlns:ns1="urn:1" xmlns:ns2="urn:2" ns2:b="2" a="&lt;" z="1"><ns2:c></ns2:c><ns3:d xmlns:ns3="urn:3"> x </ns3:d></ns1:a>';
  assert.equal(Buffer.from(smevForm(parseXml(Buffer.from(xml)).root)).toString(), expected);
});

/** Examples of Canonical XML 1.0 section 3 and Exclusive XML Canonicalization section 2.2. */
suite('canonical forms as their standards show them', () => {
  const canonical = (
    xml: string,
    form: Parameters<typeof canonicalForm>[1],
    pick = (root: XmlElement) => root,
  ) => Buffer.from(canonicalForm(pick(parseXml(Buffer.from(xml)).root), form)).toString();
  const inclusive = { exclusive: false, comments: false };
  const first = (root: XmlElement) => root.children.find(child => child.kind === 'element') ?? root;

  test('start and end tags (3.3)', () => {
    const xml = `<doc>\n   <e1   />\n   <e2   ></e2>\n   <e3   name = "elem3"   id="elem3"   />\n   <e5 a:attr="out" b:attr="sorted" attr2="all" attr="I'm"\n      xmlns:b="http://www.ietf.org"\n      xmlns:a="http://www.w3.org"\n      xmlns="http://example.org"/>\n</doc>`;
    const expected = `<doc>\n   <e1></e1>\n   <e2></e2>\n   <e3 id="elem3" name="elem3"></e3>\n   <e5 xmlns="http://example.org" xmlns:a="http://www.w3.org" xmlns:b="http://www.ietf.org" attr="I'm" attr2="all" b:attr="sorted" a:attr="out"></e5>\n</doc>`;
    assert.equal(canonical(xml, inclusive), expected);
  });

  test('characters (3.4)', () => {
    const xml = `<doc>\n   <text>First line&#x0d;&#10;Second line</text>\n   <value>&#x32;</value>\n   <compute><![CDATA[value>"0" && value<"10" ?"valid":"error"]]></compute>\n</doc>`;
    const expected = `<doc>\n   <text>First line&#xD;\nSecond line</text>\n   <value>2</value>\n   <compute>value&gt;"0" &amp;&amp; value&lt;"10" ?"valid":"error"</compute>\n</doc>`;
    assert.equal(canonical(xml, inclusive), expected);
  });

  test('a part in another place is the same exclusively and not inclusively (2.2)', () => {
    const elem2 =
      '<n1:elem2 xmlns:n1="http://example.net" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"/></n1:elem2>';
    const one = `<n0:local xmlns:n0="http:foobar.org" xmlns:n3="ftp://example.org">${elem2}</n0:local>`;
    const another = `<n2:pdu xmlns:n1="http://example.com" xmlns:n2="http://foo.example" xml:lang="fr" xml:space="retain">${elem2}</n2:pdu>`;
    const alone =
      '<n1:elem2 xmlns:n1="http://example.net" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"></n3:stuff></n1:elem2>';
    const exclusively = { exclusive: true, comments: false };
    assert.equal(canonical(one, exclusively, first), alone);
    assert.equal(canonical(another, exclusively, first), alone);
    assert.equal(
      canonical(another, inclusive, first),
      '<n1:elem2 xmlns:n1="http://example.net" xmlns:n2="http://foo.example" xml:lang="en" xml:space="retain"><n3:stuff xmlns:n3="ftp://example.org"></n3:stuff></n1:elem2>',
    );
  });
});
