import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { suite, test } from 'node:test';
import { AppError } from '../../protocol/app-error.ts';
import { buildCades, signWithKey, verifyCades } from '../../protocol/signature/cades.ts';
import { readDer } from '../../protocol/signature/der.ts';
import { objectIdentifier, octetString, sequence } from '../../protocol/signature/der-writer.ts';
import { oids } from '../../protocol/signature/oids.ts';
import { createAuthority, importAuthority } from '../../provisioning/certificates/authority.ts';
import {
  attribute,
  type Craft,
  certificateAttribute,
  craftSignature,
} from '../fixtures/crafted-signature.ts';
import { algorithms, makeSigner, sha256, signerOf } from '../fixtures/signers.ts';

const authority = await createAuthority('Вымышленный удостоверяющий центр');
const content = Buffer.from('Заявление о том, чего не было. '.repeat(40));
const ec = await makeSigner(authority, 'ecdsa-p256-sha256');
const anchors = [authority.certificateDer];
const at = new Date();

async function verdict(signature: Uint8Array, changes: Partial<Parameters<typeof verifyCades>[0]> = {}) {
  const result = await verifyCades({ signature, content, anchors, at, ...changes });
  return result.reason === null ? result.verdict : `${result.verdict} ${result.reason}`;
}

for (const algorithm of algorithms) {
  suite(`CAdES with ${algorithm}`, async () => {
    const signer = await makeSigner(authority, algorithm);
    const signature = await signer.sign(content);

    test('LED-3.6 a document signed by the clerk passes and names the clerk', async () => {
      const result = await verifyCades({ signature, content, anchors, at });
      assert.equal(result.verdict, 'passed');
      assert.equal(result.algorithm, algorithm);
      assert.equal(result.signer?.commonName, 'Образцова Проба Тестовна');
      assert.equal(result.signer?.organisation, 'МФЦ вымышленного города');
      assert.equal(result.signer?.title, 'специалист');
      assert.match(result.signer?.serial ?? '', /^[0-9a-f]{32}$/);
      assert.match(result.signer?.subject ?? '', /^C=RU, O=.+, T=.+, CN=.+$/);
    });

    test('a changed document is told from a changed signature', async () => {
      assert.equal(await verdict(signature, { content: content.subarray(1) }), 'failed HASH_FAILURE');
      const changed = Buffer.from(signature);
      changed[changed.length - 3] = (changed.at(-3) ?? 0) ^ 1;
      assert.equal(await verdict(changed), 'failed SIG_CRYPTO_FAILURE');
    });

    test('no bit of a signature can change and leave it passed', async () => {
      for (let bit = 0; bit < signature.length * 8; bit += algorithm === 'ecdsa-p256-sha256' ? 1 : 5) {
        const changed = Buffer.from(signature);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        assert.notEqual(await verdict(changed), 'passed', `bit ${bit}`);
      }
    });

    test('a signature cut off anywhere fails and never throws', async () => {
      for (let length = 0; length < signature.length; length += 7) {
        assert.equal(await verdict(signature.subarray(0, length)), 'failed FORMAT_FAILURE');
      }
    });
  });
}

suite('trust', () => {
  test('without the anchor, and with an impostor of the same name, nothing can be judged', async () => {
    const signature = await ec.sign(content);
    const impostor = await createAuthority('Вымышленный удостоверяющий центр');
    assert.equal(await verdict(signature, { anchors: [] }), 'indeterminate NO_CERTIFICATE_CHAIN_FOUND');
    assert.equal(
      await verdict(signature, { anchors: [impostor.certificateDer] }),
      'indeterminate NO_CERTIFICATE_CHAIN_FOUND',
    );
    assert.equal(await verdict(signature, { anchors: [impostor.certificateDer, ...anchors] }), 'passed');
  });

  test('LED-3.10 the time of storing decides, not the day on which somebody looks again', async () => {
    const signature = await ec.sign(content);
    const nextYear = new Date(at.getTime() + 366 * 86_400_000);
    const lastYear = new Date(at.getTime() - 366 * 86_400_000);
    assert.equal(await verdict(signature, { at: nextYear }), 'indeterminate OUT_OF_BOUNDS_NO_POE');
    assert.equal(await verdict(signature, { at: lastYear }), 'indeterminate OUT_OF_BOUNDS_NO_POE');
    assert.equal(await verdict(signature, { at }), 'passed');
  });

  test('an authority may not sign documents, and a clerk may not issue certificates', async () => {
    const { certificate, privateKey } = authority.export();
    const byAuthority = signerOf(authority.certificateDer, privateKey, 'ecdsa-p256-sha256');
    assert.equal(await verdict(await byAuthority.sign(content)), 'indeterminate CHAIN_CONSTRAINTS_FAILURE');

    const root = await importAuthority({ certificate, privateKey });
    const clerk = await root.issue({ commonName: 'Клерк Пробный', usage: 'signing', days: 30 });
    const clerkKeys = { certificate: clerk.certificate, privateKey: clerk.privateKey ?? '' };
    const forged = await (await importAuthority(clerkKeys)).issue({
      commonName: 'Начальник Ложный',
      usage: 'signing',
      days: 30,
    });
    const signer = signerOf(forged.certificateDer, forged.privateKey ?? '', 'ecdsa-p256-sha256', [
      clerk.certificateDer,
    ]);
    assert.equal(await verdict(await signer.sign(content)), 'indeterminate CHAIN_CONSTRAINTS_FAILURE');
  });

  test('a token whose key does not belong to its certificate is found at signing', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const input = { certificate: ec.certificate, contentDigest: sha256(content), signingTime: at };
    for (const sign of [signWithKey(other, 'ecdsa-p256-sha256'), async () => new Uint8Array(7)]) {
      await assert.rejects(
        buildCades({ ...input, algorithm: 'ecdsa-p256-sha256', sign }),
        (error: unknown) => error instanceof AppError && error.code === 'token.fault',
      );
    }
  });
});

suite('signatures that OpenSSL or GnuTLS would accept, or that break the format', async () => {
  const other = await makeSigner(authority, 'ecdsa-p256-sha256', 'Другая Проба Тестовна');
  const sameKeyAgain = await authority.issue({
    commonName: 'Образцова Проба Тестовна',
    usage: 'signing',
    days: 30,
    publicKey: createPublicKey(ec.key).export({ type: 'spki', format: 'der' }),
  });
  const format = 'failed FORMAT_FAILURE';
  const sorted = (...attributes: Uint8Array[]) => attributes.toSorted(Buffer.compare);
  const cases: [name: string, craft: Craft, expected: string][] = [
    ['nothing wrong at all', {}, 'passed'],
    [
      'attributes signed and written unsorted',
      { attributes: a => sorted(...Object.values(a)).toReversed() },
      format,
    ],
    ['attributes sorted for signing only', { reverseWritten: true }, format],
    ['no signed attributes', { bare: true }, 'indeterminate SIG_CONSTRAINTS_FAILURE'],
    [
      'no signing-certificate-v2',
      { attributes: a => sorted(a.type, a.digest, a.time) },
      'indeterminate SIG_CONSTRAINTS_FAILURE',
    ],
    [
      'no signing-time',
      { attributes: a => sorted(a.type, a.digest, a.certificate) },
      'indeterminate SIG_CONSTRAINTS_FAILURE',
    ],
    ['no content-type', { attributes: a => sorted(a.digest, a.time, a.certificate) }, format],
    ['no message-digest', { attributes: a => sorted(a.type, a.time, a.certificate) }, format],
    [
      'signing-certificate-v2 of another person',
      { attributes: a => sorted(a.type, a.digest, a.time, certificateAttribute(other.certificate)) },
      'indeterminate NO_SIGNING_CERTIFICATE_FOUND',
    ],
    [
      'signing-certificate-v2 of another certificate for the same key',
      {
        attributes: a => sorted(a.type, a.digest, a.time, certificateAttribute(sameKeyAgain.certificateDer)),
      },
      'indeterminate NO_SIGNING_CERTIFICATE_FOUND',
    ],
    [
      'an attribute twice',
      {
        attributes: a =>
          sorted(...Object.values(a), attribute(oids.messageDigest, octetString(sha256(content)))),
      },
      format,
    ],
    [
      'two values in one attribute',
      {
        attributes: a =>
          sorted(
            a.type,
            a.time,
            a.certificate,
            attribute(oids.messageDigest, octetString(sha256(content)), octetString(new Uint8Array(32))),
          ),
      },
      format,
    ],
    ['a content type that is not data', { attributes: wrongContentType }, format],
    ['two signers', { signers: 2 }, format],
    ['no signer', { signers: 0 }, format],
    ['version 3', { version: 3 }, format],
    ['content inside', { attached: true }, format],
    [
      'a digest algorithm that nobody used',
      { digestAlgorithms: [sha256Id(), sequence(objectIdentifier('1.3.14.3.2.26'))] },
      'passed',
    ],
    [
      'a digest algorithm that is not the one named at the top',
      { digestAlgorithms: [sequence(objectIdentifier('1.3.14.3.2.26'))] },
      format,
    ],
    ['seventeen certificates', { certificates: Array<Uint8Array>(17).fill(ec.certificate) }, format],
    ["the signer's certificate missing", { certificates: [] }, 'indeterminate NO_SIGNING_CERTIFICATE_FOUND'],
    ['ECDSA with SHA-1 beside a digest by SHA-256', { signatureOid: '1.2.840.10045.4.1' }, format],
    ['an algorithm nobody knows', { signatureOid: '1.2.3.4' }, 'indeterminate CRYPTO_CONSTRAINTS_FAILURE'],
  ];
  for (const [name, craft, expected] of cases) {
    test(`${name}: ${expected}`, async () =>
      assert.equal(await verdict(craftSignature(ec, content, craft)), expected));
  }

  test('bytes behind the signature, a padded length, an indefinite length', async () => {
    const good = Buffer.from(craftSignature(ec, content));
    assert.equal(good[1], 0x82);
    assert.equal(await verdict(Buffer.concat([good, Buffer.of(0)])), format);
    assert.equal(await verdict(Buffer.concat([Buffer.of(0x30, 0x83, 0), good.subarray(2)])), format);
    assert.equal(
      await verdict(Buffer.concat([Buffer.of(0x30, 0x80), good.subarray(4), Buffer.of(0, 0)])),
      format,
    );
  });

  test('values nested two thousand deep do not exhaust the stack', () => {
    let deep: Uint8Array = sequence();
    for (let i = 0; i < 2000; i++) deep = sequence(deep);
    assert.throws(() => readDer(deep), /nested too deeply/);
  });
});

function wrongContentType(
  correct: Record<'type' | 'digest' | 'time' | 'certificate', Uint8Array>,
): Uint8Array[] {
  const type = attribute(oids.contentType, objectIdentifier(oids.signedData));
  return [type, correct.digest, correct.time, correct.certificate].toSorted(Buffer.compare);
}

function sha256Id(): Uint8Array {
  return sequence(objectIdentifier(oids.sha256));
}
