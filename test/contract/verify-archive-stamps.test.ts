import assert from 'node:assert/strict';
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { verifyContainer } from '../../protocol/package/asice.ts';
import { sourceOf } from '../../protocol/package/byte-source.ts';
import { verifyCms } from '../../protocol/signature/cms-verify.ts';
import { contentOf } from '../../protocol/signature/content.ts';
import { contextTag, der, objectIdentifier, sequence } from '../../protocol/signature/der-writer.ts';
import { trustOf } from '../../protocol/signature/trust.ts';
import { verifyXml } from '../../protocol/xml-signature/verify.ts';
import { manifestOver } from '../fixtures/containers.ts';
import { withArchiveStamp2, withArchiveStamp3 } from '../fixtures/foreign/archive-stamps.ts';
import { signedValue, withMembers, withoutUnsigned, withUnsigned } from '../fixtures/foreign/cms-surgery.ts';
import { mutated, seeded } from '../fixtures/foreign/mutator.ts';
import { authorityExtensions, opensslWorkshop, stampExtensions } from '../fixtures/foreign/openssl.ts';
import { rawZip } from '../fixtures/raw-zip.ts';

const { cms, issue, path, stamp, revocationList, save } = opensslWorkshop();
const content = Buffer.from('Содержимое выдуманного документа\r\n'.repeat(20));
save('content', content);
const [from, to] = ['20200101000000Z', '20400101000000Z'];
const root = issue('root', { extensions: authorityExtensions, from, to });
issue('stranger', { extensions: authorityExtensions, from, to });
// These two run out in a month, the third lasts.
const clerk = issue('clerk', { issuer: 'root' });
issue('tsa', { issuer: 'root', extensions: stampExtensions });
issue('late tsa', { issuer: 'root', extensions: stampExtensions, from, to });
issue('foreign tsa', { issuer: 'stranger', extensions: stampExtensions, from, to });
const list = revocationList('root', { args: ['-crldays', '30'] });

const inYears = new Date('2035-01-01T00:00:00Z');
const byLateTsa = (bytes: Uint8Array) => stamp('late tsa', bytes);
const tick = () => new Promise(resolve => setTimeout(resolve, 1100));

const signatureStamp = '1.2.840.113549.1.9.16.2.14';
const certificateReferences = '1.2.840.113549.1.9.16.2.21';
const revocationReferences = '1.2.840.113549.1.9.16.2.22';
const plain = cms(['clerk'], 'content', '-cades');
const stamped = withUnsigned(plain, signatureStamp, stamp('tsa', signedValue(plain)));
// RevocationValues with one list.
const longTerm = withUnsigned(stamped, '1.2.840.113549.1.9.16.2.24', sequence(contextTag(0, sequence(list))));
// Archive stamps count in seconds, and each must be newer than what it is about.
await tick();
const wish = { message: longTerm, content, stamp: byLateTsa };
const archived = withArchiveStamp3(wish);
const byTsa = withArchiveStamp3({ ...wish, stamp: bytes => stamp('tsa', bytes) });
await tick();
const twice = withArchiveStamp3({ ...wish, message: byTsa });

async function judge(message: Uint8Array, beside: Uint8Array = content, at = inYears) {
  const trust = trustOf({ anchors: [root], at });
  const [signature] = (await verifyCms(message, contentOf(beside), trust)).signatures;
  assert.ok(signature);
  const { verdict, reason, level, notes } = signature;
  return { said: reason ? `${verdict} ${reason}` : verdict, level, notes };
}

const tooLate = 'indeterminate OUT_OF_BOUNDS_NO_POE';
const notTrusted = 'archive-time-stamp-not-trusted';

suite('long after the certificates of clerk and time-stamp authority have run out', () => {
  const rows: [name: string, message: Uint8Array, expected: string, level: string, note?: string][] = [
    ['a signature stamp alone proves nothing any more', longTerm, tooLate, 'BES', 'time-stamp-not-trusted'],
    ['an archive stamp of version 3 (EN 319 122-1 clause 5.5.3)', archived, 'passed', 'LTA'],
    ['the same with the older index', withArchiveStamp3({ ...wish, index: 'index1' }), 'passed', 'LTA'],
    ['an archive stamp of version 2 (TS 101 733 clause 6.4.1)', withArchiveStamp2(wish), 'passed', 'LTA'],
    ['an archive stamp over an archive stamp whose authority has run out', twice, 'passed', 'LTA'],
    ['an archive stamp by an authority that has run out itself', byTsa, tooLate, 'BES', notTrusted],
    [
      'an archive stamp by an authority that nobody trusts',
      withArchiveStamp3({ ...wish, stamp: bytes => stamp('foreign tsa', bytes) }),
      tooLate,
      'BES',
      notTrusted,
    ],
    [
      'an archive stamp about other content',
      withArchiveStamp3({ ...wish, content: Buffer.from('другое') }),
      tooLate,
      'BES',
      notTrusted,
    ],
    [
      'an archive stamp whose index names certificates that were taken out',
      withMembers(archived, members => members.filter(member => member[0] !== 0xa0)),
      'indeterminate NO_SIGNING_CERTIFICATE_FOUND',
      'null',
    ],
    [
      'an archive stamp whose index names an attribute that was taken out',
      withoutUnsigned(archived, '1.2.840.113549.1.9.16.2.24'),
      tooLate,
      'BES',
      notTrusted,
    ],
    [
      'an archive stamp that was taken from another signature',
      withUnsigned(longTerm, '0.4.0.1733.2.4', stamp('late tsa', Buffer.from('что-то'))),
      tooLate,
      'BES',
      notTrusted,
    ],
  ];
  for (const [name, message, expected, level, note] of rows)
    test(`${name}: ${expected}`, async () => {
      const found = await judge(message);
      assert.deepEqual([found.said, String(found.level)], [expected, level]);
      if (note)
        assert.ok(
          found.notes.some(each => each === note),
          found.notes.join(),
        );
    });

  test('an index that leaves the signature stamp out still proves the signature, and not that stamp', async () => {
    const { said, notes } = await judge(withArchiveStamp3({ ...wish, bare: true }));
    assert.equal(said, 'passed');
    assert.ok(notes.includes('time-stamp-not-trusted'));
  });

  test('a stamp over signature and references (CAdES-X) lifts the signature stamp before it', async () => {
    const none = sequence();
    const token = stamp('tsa', signedValue(plain));
    const referring = [certificateReferences, revocationReferences].reduce(
      (message, oid) => withUnsigned(message, oid, none),
      withUnsigned(plain, signatureStamp, token),
    );
    await tick();
    const member = (oid: string, value: Uint8Array) =>
      Buffer.concat([objectIdentifier(oid), der(0x31, value)]);
    const about = [
      signedValue(plain),
      member(signatureStamp, token),
      member(certificateReferences, none),
      member(revocationReferences, none),
    ];
    const over = (parts: Uint8Array[]) =>
      withUnsigned(referring, '1.2.840.113549.1.9.16.2.25', stamp('late tsa', Buffer.concat(parts)));
    assert.deepEqual(await judge(over(about)), {
      said: 'passed',
      level: 'T',
      notes: ['revocation-not-checked'],
    });
    const { said, notes } = await judge(over(about.slice(1)));
    assert.equal(said, tooLate);
    assert.ok(notes.includes('time-stamp-not-trusted'));
  });

  test('a changed document is changed all the same', async () => {
    assert.equal((await judge(archived, Buffer.from('другое'))).said, 'failed HASH_FAILURE');
  });

  test('broken messages are judged, and stamps by the hundred are refused', async () => {
    const random = seeded(3);
    for (let round = 0; round < 400; round++) await judge(mutated(twice, random));
    const crowd = withUnsigned(longTerm, '0.4.0.1733.2.4', ...Array(65).fill(stamp('late tsa', content)));
    assert.equal((await judge(crowd)).said, 'failed FORMAT_FAILURE');
  });

  test('a flipped byte of the archive stamp never makes it prove more', async () => {
    const start = Buffer.from(archived).indexOf(Buffer.from(longTerm.subarray(-200)).subarray(0, 100));
    for (let at = Math.max(start, 0); at < archived.length; at += 211) {
      const changed = Buffer.from(archived);
      changed[at] = (changed[at] ?? 0) ^ 4;
      const { said, notes } = await judge(changed);
      assert.ok(said !== 'passed' || notes.length > 0 || at < start, `byte ${at}: ${said}`);
    }
  });
});

suite('an ASiC-E with archive manifests (EN 319 162-1 annex A.7)', () => {
  const letter = { name: 'письмо.txt', bytes: content };
  const manifest = {
    name: 'META-INF/ASiCManifest.xml',
    bytes: manifestOver('META-INF/signature.p7s', [letter]),
  };
  save('manifest', manifest.bytes);
  const signature = { name: 'META-INF/signature.p7s', bytes: cms(['clerk'], 'manifest', '-cades') };
  const signed = [letter, manifest, signature];
  const archiveOf = (
    token: string,
    name: string,
    named: { name: string; bytes: Uint8Array }[],
    tsa: string,
  ) => {
    const own = { name: `META-INF/${name}`, bytes: manifestOver(`META-INF/${token}`, named) };
    return [own, { name: `META-INF/${token}`, bytes: stamp(tsa, own.bytes) }];
  };
  const asic = (...entries: { name: string; bytes: Uint8Array }[]) =>
    rawZip([{ name: 'mimetype', bytes: Buffer.from('application/vnd.etsi.asic-e+zip') }, ...entries]);
  const verdict = async (bytes: Uint8Array) => {
    const trust = trustOf({ anchors: [root], at: inYears });
    const { verdict: said, reasons, oddities } = await verifyContainer(sourceOf(bytes), trust);
    return [said, ...reasons, ...oddities].join(' ');
  };

  test('the stamp of the archive proves the signature when the certificate has run out', async () => {
    assert.equal(await verdict(asic(...signed)), tooLate);
    const archive = archiveOf('archive.tst', 'ASiCArchiveManifest.xml', signed, 'late tsa');
    assert.equal(await verdict(asic(...signed, ...archive)), 'passed');
  });

  test('a chain: the stamp of an authority that has run out lies under a newer one', async () => {
    const first = archiveOf('archive1.tst', 'ASiCArchiveManifest1.xml', signed, 'tsa');
    assert.equal(await verdict(asic(...signed, ...first)), tooLate);
    await tick();
    const all = [...signed, ...first];
    const second = archiveOf('archive.tst', 'ASiCArchiveManifest.xml', all, 'late tsa');
    assert.equal(await verdict(asic(...all, ...second)), 'passed');
  });

  test('an archive manifest that does not fit the signature proves nothing and tells it', async () => {
    const strange = [letter, manifest, { ...signature, bytes: Buffer.from('другое') }];
    const archive = archiveOf('archive.tst', 'ASiCArchiveManifest.xml', strange, 'late tsa');
    assert.match(await verdict(asic(...signed, ...archive)), /^failed .*HASH_FAILURE/);
  });

  test('a broken evidence record beside it takes nothing; alone it proves nothing', async () => {
    const record = { name: 'META-INF/evidencerecord.ers', bytes: Buffer.from('выдуманная запись') };
    const archive = archiveOf('archive.tst', 'ASiCArchiveManifest.xml', signed, 'late tsa');
    assert.equal(await verdict(asic(...signed, ...archive, record)), 'passed evidence-record-not-trusted');
    assert.equal(await verdict(asic(letter, record)), 'failed FORMAT_FAILURE evidence-record-not-trusted');
  });
});

suite('XAdES with an archive stamp (EN 319 132-1 clause 5.5.2)', () => {
  const ds = 'http://www.w3.org/2000/09/xmldsig#';
  const xades = 'http://uri.etsi.org/01903/v1.3.2#';
  const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest('base64');
  const method = `<ds:CanonicalizationMethod xmlns:ds="${ds}" Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod>`;
  const digested = (value: string) =>
    `<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>${value}</ds:DigestValue>`;
  const reference = (uri: string, value: string) =>
    `<ds:Reference URI="${uri}"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms>${digested(value)}</ds:Reference>`;
  // Everything is written as its exclusive canonical form, so that the stamps need nobody's canonicaliser.
  const data = '<data Id="data">Выдуманное заявление</data>';
  const properties = `<xades:SignedProperties xmlns:xades="${xades}" Id="props"><xades:SignedSignatureProperties><xades:SigningTime>${new Date().toISOString()}</xades:SigningTime><xades:SigningCertificateV2><xades:Cert><xades:CertDigest>${digested(sha256(clerk)).replaceAll(/<ds:(\w+)/g, `<ds:$1 xmlns:ds="${ds}"`)}</xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties></xades:SignedProperties>`;
  const info = `<ds:SignedInfo xmlns:ds="${ds}">${method.replace(` xmlns:ds="${ds}"`, '')}<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"></ds:SignatureMethod>${reference('#data', sha256(data))}${reference('#props', sha256(properties))}</ds:SignedInfo>`;
  const key = createPrivateKey(readFileSync(path('clerk.key')));
  const value = `<ds:SignatureValue xmlns:ds="${ds}">${sign('sha256', Buffer.from(info), { key, dsaEncoding: 'ieee-p1363' }).toString('base64')}</ds:SignatureValue>`;
  const keyInfo = `<ds:KeyInfo xmlns:ds="${ds}"><ds:X509Data><ds:X509Certificate>${Buffer.from(clerk).toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`;
  const object = `<ds:Object xmlns:ds="${ds}">${data}</ds:Object>`;
  const stampOf = (name: string, namespace: string, tsa: string, stamped: string) =>
    `<${name} xmlns:${namespace}>${method}<xades:EncapsulatedTimeStamp${name.startsWith('xades:') ? '' : ` xmlns:xades="${xades}"`}>${stamp(tsa, Buffer.from(stamped)).toString('base64')}</xades:EncapsulatedTimeStamp></${name}>`;
  const ofSignature = stampOf('xades:SignatureTimeStamp', `xades="${xades}"`, 'tsa', value);
  const ofArchive = (tsa: string, stamped: string) =>
    stampOf('xa:ArchiveTimeStamp', 'xa="http://uri.etsi.org/01903/v1.4.1#"', tsa, stamped);
  const covered = data + properties + info + value + keyInfo;
  const whole = (...unsigned: string[]) =>
    `<ds:Signature xmlns:ds="${ds}" Id="sig">${info}${value}${keyInfo}${object}<ds:Object><xades:QualifyingProperties xmlns:xades="${xades}" Target="#sig">${properties}<xades:UnsignedProperties><xades:UnsignedSignatureProperties>${unsigned.join('')}</xades:UnsignedSignatureProperties></xades:UnsignedProperties></xades:QualifyingProperties></ds:Object></ds:Signature>`;
  const verdict = async (xml: string) => {
    const { signatures } = await verifyXml(Buffer.from(xml), trustOf({ anchors: [root], at: inYears }));
    assert.equal(signatures.length, 1);
    return [signatures[0]?.verdict, signatures[0]?.reason ?? '', ...(signatures[0]?.notes ?? [])]
      .join(' ')
      .trim();
  };

  test('without it the certificates have run out', async () => {
    assert.match(await verdict(whole(ofSignature)), /^indeterminate OUT_OF_BOUNDS_NO_POE/);
  });

  test('it proves the signature and the stamp before it', async () => {
    const archive = ofArchive('late tsa', covered + ofSignature + object);
    assert.equal(await verdict(whole(ofSignature, archive)), 'passed  revocation-not-checked');
  });

  test('a chain of two, the first of which has run out', async () => {
    const first = ofArchive('tsa', covered + ofSignature + object);
    await tick();
    const second = ofArchive('late tsa', covered + ofSignature + first + object);
    assert.equal(await verdict(whole(ofSignature, first, second)), 'passed  revocation-not-checked');
  });

  test('one about less than all of it proves nothing', async () => {
    for (const stampedText of [covered + ofSignature, covered + object, '']) {
      const said = await verdict(whole(ofSignature, ofArchive('late tsa', stampedText)));
      assert.match(said, /^indeterminate OUT_OF_BOUNDS_NO_POE .*archive-time-stamp-not-trusted/);
    }
  });
});
