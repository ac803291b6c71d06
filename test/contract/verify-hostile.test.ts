import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyContainer } from '../../protocol/package/asice.ts';
import { sourceOf } from '../../protocol/package/byte-source.ts';
import { verifyCms } from '../../protocol/signature/cms-verify.ts';
import { contentOf } from '../../protocol/signature/content.ts';
import { trustOf } from '../../protocol/signature/trust.ts';
import { verifyXml } from '../../protocol/xml-signature/verify.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { manifestOver } from '../fixtures/containers.ts';
import { inBer, signedValue, withUnsigned } from '../fixtures/foreign/cms-surgery.ts';
import { mutated, seeded } from '../fixtures/foreign/mutator.ts';
import { opensslWorkshop, stampExtensions } from '../fixtures/foreign/openssl.ts';
import { rawZip } from '../fixtures/raw-zip.ts';
import { makeSigner } from '../fixtures/signers.ts';

const authority = await createAuthority('Вымышленный удостоверяющий центр');
const signer = await makeSigner(authority, 'ecdsa-p256-sha256');
const workshop = opensslWorkshop();
const tsa = workshop.issue('tsa', { extensions: stampExtensions });
const trust = trustOf({
  anchors: [authority.certificateDer],
  timeStampAnchors: [tsa],
  at: new Date(Date.now() + 60_000),
});
const content = Buffer.from('Содержимое выдуманного документа. '.repeat(8));
const signature = await signer.sign(content);
const stamped = withUnsigned(
  signature,
  '1.2.840.113549.1.9.16.2.14',
  workshop.stamp('tsa', signedValue(signature)),
);
const files = [{ name: 'письмо.txt', bytes: content }];
const manifest = manifestOver('META-INF/signature.p7s', files);
const container = rawZip([
  { name: 'mimetype', bytes: Buffer.from('application/vnd.etsi.asic-e+zip') },
  { name: 'письмо.txt', bytes: content, deflate: true, streamed: true },
  { name: 'META-INF/ASiCManifest.xml', bytes: manifest },
  { name: 'META-INF/signature.p7s', bytes: await signer.sign(manifest) },
]);
const xml = Buffer.from(
  '<m xmlns="urn:m"><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"/><ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature></m>',
);

const judgeMessage = (bytes: Uint8Array) => verifyCms(bytes, contentOf(content), trust);
const judgeContainer = (bytes: Uint8Array) => verifyContainer(sourceOf(bytes), trust);
const judgeXml = (bytes: Uint8Array) => verifyXml(bytes, trust);

test('what the mutations start from passes', async () => {
  assert.equal((await judgeMessage(signature)).verdict, 'passed');
  assert.equal((await judgeMessage(inBer(stamped))).verdict, 'passed');
  assert.equal((await judgeContainer(container)).verdict, 'passed');
});

test('no bit of what a time stamp and a signature hold can change and leave level T passed', async () => {
  const { signatures } = await judgeMessage(stamped);
  assert.equal(signatures[0]?.level, 'T');
  for (let bit = 0; bit < stamped.length * 8; bit += 3) {
    const changed = Buffer.from(stamped);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const judged = await judgeMessage(changed);
    const [first] = judged.signatures;
    if (judged.verdict !== 'passed') continue;
    // What nobody signed may change: the versions of the frame, and an attribute that is then no stamp.
    const frame = bit >> 3 < 40 || signature.length > bit >> 3;
    assert.ok(first?.level !== 'T' || !frame || isVersion(changed), `bit ${bit}`);
  }
});

/** Whether only a version is another one, which `verifyCades` refuses and `verifyCms` takes. */
function isVersion(changed: Uint8Array): boolean {
  const at = changed.findIndex((byte, index) => byte !== stamped[index]);
  return stamped[at - 2] === 2 && stamped[at - 1] === 1;
}

test('a changed byte of content, manifest or signature in a container never passes', async () => {
  for (const name of [content.subarray(0, 20), manifest.subarray(60, 90)]) {
    const stored = rawZip([
      { name: 'письмо.txt', bytes: content },
      { name: 'META-INF/ASiCManifest.xml', bytes: manifest },
      { name: 'META-INF/signature.p7s', bytes: await signer.sign(manifest) },
    ]);
    const at = stored.indexOf(name);
    assert.ok(at > 0);
    stored[at] = (stored[at] ?? 0) ^ 1;
    assert.equal((await judgeContainer(stored)).verdict, 'failed');
  }
});

for (const [what, start, judge] of [
  ['a message in DER', signature, judgeMessage],
  ['a message in BER with a time stamp', inBer(stamped), judgeMessage],
  ['a container', container, judgeContainer],
  ['an XML message', xml, judgeXml],
] as const)
  test(`1500 damaged copies of ${what} are judged without a fault, a wait or much memory`, async () => {
    const random = seeded(20_261_122);
    for (let round = 0; round < 1500; round++) {
      const { verdict } = await judge(mutated(start, random));
      assert.ok(['passed', 'indeterminate', 'failed'].includes(verdict), `round ${round}`);
    }
  });

test('crafted depth, width and length cost no stack, no time and no memory', async () => {
  const hostile: Uint8Array[] = [
    Buffer.from('30'.repeat(100_000), 'hex'),
    Buffer.from('3080'.repeat(100_000), 'hex'),
    Buffer.from('2480'.repeat(100_000), 'hex'),
    Buffer.from('3084ffffffff', 'hex'),
    Buffer.from('30ff'.padEnd(600, 'f'), 'hex'),
    Buffer.concat([Buffer.of(0x30, 0x84, 0, 0x4c, 0x4b, 0x40), Buffer.alloc(5_000_000)]),
    Buffer.from('MII'.repeat(200_000)),
  ];
  for (const bytes of hostile) assert.equal((await judgeMessage(bytes)).verdict, 'failed');
  const wide = ['<a>'.repeat(100_000), `<a ${'b="1" '.repeat(50_000)}/>`, `<a>${'<b/>'.repeat(600_000)}</a>`];
  for (const text of wide) assert.notEqual((await judgeXml(Buffer.from(text))).verdict, 'indeterminate');
});
