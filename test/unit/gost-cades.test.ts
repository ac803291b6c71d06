import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { suite, test } from 'node:test';
import { publicKeyOf } from '../../protocol/gost/signature.ts';
import { verifyCades } from '../../protocol/signature/cades.ts';
import { gostSpki } from '../../protocol/signature/gost-keys.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { certify, makeGostAuthority, makeGostKey, type Party, signAs } from '../fixtures/gost-signers.ts';
import { makeSigner } from '../fixtures/signers.ts';

const content = Buffer.from('Содержимое выдуманного документа\n'.repeat(300));
const verdictOf = async (signature: Uint8Array, anchors: Uint8Array[], bytes: Uint8Array = content) => {
  const result = await verifyCades({ signature, content: bytes, anchors, at: new Date() });
  return result.reason ?? result.verdict;
};
const clerkOf = (
  authority: Party & { name: string },
  algorithm: 'gost-2012-256' | 'gost-2012-512',
): Party => {
  const key = makeGostKey(algorithm);
  const spki = gostSpki(publicKeyOf(key));
  return { certificate: certify({ commonName: 'Проба Тестовна', spki, issuer: authority }), key, algorithm };
};

for (const algorithm of ['gost-2012-256', 'gost-2012-512'] as const)
  suite(`CAdES by ${algorithm}`, async () => {
    const root = makeGostAuthority(algorithm, 'Вымышленный головной УЦ');
    const middle = makeGostAuthority(algorithm, 'Вымышленный УЦ', root);
    const clerk = clerkOf(middle, algorithm);
    const signature = await signAs(clerk, content, [middle.certificate]);

    test('a root, an authority below it and a clerk, all by GOST: passed, and told by name', async () => {
      const verdict = await verifyCades({ signature, content, anchors: [root.certificate], at: new Date() });
      assert.equal(verdict.verdict, 'passed');
      assert.equal(verdict.algorithm, algorithm);
      assert.equal(verdict.signer?.commonName, 'Проба Тестовна');
    });

    test('other content, another root or a missing link do not pass', async () => {
      const other = makeGostAuthority(algorithm, root.name);
      assert.equal(await verdictOf(signature, [root.certificate], content.subarray(1)), 'HASH_FAILURE');
      assert.equal(await verdictOf(signature, [other.certificate]), 'NO_CERTIFICATE_CHAIN_FOUND');
      const alone = await signAs(clerk, content);
      assert.equal(await verdictOf(alone, [root.certificate]), 'NO_CERTIFICATE_CHAIN_FOUND');
      assert.equal(await verdictOf(alone, [middle.certificate]), 'passed');
    });

    test('no changed bit of the signature passes', async () => {
      // A step that is prime to 8 meets every bit of a byte; the inner certificates are long.
      for (let bit = 0; bit < signature.length * 8; bit += 37) {
        const changed = Uint8Array.from(signature);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        assert.notEqual(await verdictOf(changed, [root.certificate]), 'passed', `bit ${bit}`);
      }
    });
  });

test('a path may change its algorithm at every link', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const root = makeGostAuthority('gost-2012-512', 'Вымышленный головной УЦ');
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const middle = {
    name: 'Вымышленный УЦ на P-256',
    certificate: certify({ commonName: 'Вымышленный УЦ на P-256', spki, issuer: root, isAuthority: true }),
    key: privateKey,
    algorithm: 'ecdsa-p256-sha256',
  } as const;
  const clerk = clerkOf(middle, 'gost-2012-256');
  const signature = await signAs(clerk, content, [middle.certificate]);
  assert.equal(await verdictOf(signature, [root.certificate]), 'passed');
});

test('a clerk whose key is one of the standard’s examples does not pass', async () => {
  const root = makeGostAuthority('gost-2012-256', 'Вымышленный УЦ');
  const key = makeGostKey('gost-2012-256', 'id-GostR3410-2001-TestParamSet');
  const certificate = certify({ commonName: 'Проба', spki: gostSpki(publicKeyOf(key)), issuer: root });
  await assert.rejects(signAs({ certificate, key, algorithm: 'gost-2012-256' }, content), {
    code: 'token.fault',
  });
});

test('a key of one length is not taken for one of the other', async () => {
  const root = makeGostAuthority('gost-2012-256', 'Вымышленный УЦ');
  const clerk = clerkOf(root, 'gost-2012-256');
  await assert.rejects(signAs({ ...clerk, algorithm: 'gost-2012-512' }, content), { name: 'TypeError' });
  const other = makeGostKey('gost-2012-512');
  await assert.rejects(signAs({ ...clerk, key: other, algorithm: 'gost-2012-512' }, content), {
    code: 'token.fault',
  });
});

for (const algorithm of ['ecdsa-p384-sha384', 'rsa-pss-sha256'] as const)
  test(`CAdES by ${algorithm} passes, and not over other content or with another value`, async () => {
    const authority = await createAuthority('Вымышленный УЦ');
    const signer = await makeSigner(authority, algorithm);
    const signature = await signer.sign(content);
    assert.equal(await verdictOf(signature, [authority.certificateDer]), 'passed');
    assert.equal(await verdictOf(signature, [authority.certificateDer], content.subarray(1)), 'HASH_FAILURE');
    const changed = Uint8Array.from(signature);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    assert.equal(await verdictOf(changed, [authority.certificateDer]), 'SIG_CRYPTO_FAILURE');
  });
