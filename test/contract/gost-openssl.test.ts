import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes, randomInt, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { publicKeyOf, signGost, verifyGost } from '../../protocol/gost/signature.ts';
import { streebog } from '../../protocol/gost/streebog.ts';
import { verifyCades } from '../../protocol/signature/cades.ts';
import { findGostKey, gostSpki, readGostPrivateKey } from '../../protocol/signature/gost-keys.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { findGostEngine, gostEnginePackage } from '../fixtures/gost-engine.ts';
import { certify, makeGostAuthority, makeGostKey, type Party, signAs } from '../fixtures/gost-signers.ts';
import { makeSigner } from '../fixtures/signers.ts';

const folder = mkdtempSync(join(tmpdir(), 'okno-gost-'));
after(() => rmSync(folder, { recursive: true }));
const engine = findGostEngine(folder);
const skip = engine ? false : `the package ${gostEnginePackage} is not installed`;
const openssl = (...args: string[]) => {
  assert.ok(engine);
  return engine.openssl(...args);
};
const file = (name: string, bytes?: Uint8Array | string) => {
  const path = join(folder, name);
  if (bytes !== undefined) writeFileSync(path, bytes);
  return path;
};
const done = (result: { status: number | null; text: string; output: Buffer }) => {
  assert.equal(result.status, 0, result.text);
  return result.output;
};
const pem = (der: Uint8Array) => new X509Certificate(der).toString();
const content = Buffer.from('Содержимое выдуманного документа\r\n\0\n'.repeat(100));
const contentFile = file('document.pdf', content);

for (const bits of [256, 512] as const)
  test(`Streebog-${bits} of bytes of any length is what the engine says`, { skip }, () => {
    for (const size of [0, 1, 63, 64, 65, 127, 128, 129, 44_992, 45_056, randomInt(200_000), 1_000_003]) {
      const bytes = randomBytes(size);
      const [said] = done(openssl('dgst', `-md_gost12_${bits}`, '-r', file('any', bytes)))
        .toString()
        .split(' ');
      assert.equal(Buffer.from(streebog(bits, bytes)).toString('hex'), said, `${size} bytes`);
    }
  });

const parameterSets = [
  ...['A', 'B', 'C', 'XA', 'XB', 'TCA', 'TCB', 'TCC', 'TCD'].map(set => [256, set] as const),
  ...['A', 'B', 'C'].map(set => [512, set] as const),
];
for (const [bits, set] of parameterSets)
  test(`a key of the engine, ${bits} bits, parameters ${set}: each verifies what the other signed`, {
    skip,
  }, () => {
    const [keyFile, publicFile] = [file(`${bits}-${set}.key`), file(`${bits}-${set}.pub`)];
    const parameters = ['-pkeyopt', `paramset:${set}`];
    done(
      openssl('genpkey', '-algorithm', `gost2012_${bits}`, ...parameters, '-outform', 'DER', '-out', keyFile),
    );
    done(openssl('pkey', '-inform', 'DER', '-in', keyFile, '-pubout', '-outform', 'DER', '-out', publicFile));
    const key = readGostPrivateKey(readFileSync(keyFile));
    const publicKey = findGostKey(readFileSync(publicFile));
    assert.deepEqual(publicKeyOf(key), publicKey);
    assert.ok(publicKey);
    const digest = streebog(bits, content);
    const dgst = ['dgst', `-md_gost12_${bits}`, '-keyform', 'DER'];

    const theirs = file('theirs');
    done(openssl(...dgst, '-sign', keyFile, '-out', theirs, contentFile));
    assert.ok(verifyGost(publicKey, digest, readFileSync(theirs)));

    const ours = signGost(key, digest);
    const verify = (signature: Uint8Array) =>
      openssl(...dgst, '-verify', publicFile, '-signature', file('ours', signature), contentFile);
    done(verify(ours));
    assert.notEqual(verify(ours.with(7, (ours[7] ?? 0) ^ 1)).status, 0);
  });

function theyAccept(signature: Uint8Array, anchor: Uint8Array, document = contentFile) {
  const signatureFile = file('any.sig', signature);
  const anchorFile = file('anchor.pem', pem(anchor));
  const verify = [
    'cms',
    '-verify',
    '-cades',
    '-binary',
    '-inform',
    'DER',
    '-in',
    signatureFile,
    '-content',
    document,
  ];
  const certtool = ['--p7-verify', '--inder', '--infile', signatureFile, '--load-data', document];
  return {
    openssl: openssl(...verify, '-CAfile', anchorFile, '-purpose', 'any', '-out', '/dev/null').status === 0,
    gnutls: spawnSync('certtool', [...certtool, '--load-ca-certificate', anchorFile]).status === 0,
  };
}

const verdictOf = async (signature: Uint8Array, anchor: Uint8Array) => {
  const result = await verifyCades({
    signature,
    content,
    anchors: [anchor],
    at: new Date(Date.now() + 60_000),
  });
  return result.reason ?? result.verdict;
};

for (const algorithm of ['gost-2012-256', 'gost-2012-512'] as const)
  suite(`CAdES by ${algorithm} and other programs`, { skip }, () => {
    const bits = algorithm === 'gost-2012-256' ? 256 : 512;
    const root = makeGostAuthority(algorithm, 'Вымышленный головной УЦ');
    const middle = makeGostAuthority(algorithm, 'Вымышленный УЦ', root);
    const key = makeGostKey(algorithm);
    const spki = gostSpki(publicKeyOf(key));
    const clerk: Party = {
      certificate: certify({ commonName: 'Проба', spki, issuer: middle }),
      key,
      algorithm,
    };

    test('OpenSSL and GnuTLS accept our signature with its path, and not over other content', async () => {
      const signature = await signAs(clerk, content, [middle.certificate]);
      assert.deepEqual(theyAccept(signature, root.certificate), { openssl: true, gnutls: true });
      const other = file('other', Buffer.concat([content, Buffer.of(0)]));
      assert.deepEqual(theyAccept(signature, root.certificate, other), { openssl: false, gnutls: false });
    });

    test('we accept a signature that OpenSSL made, with a certificate that it made', async () => {
      const [keyFile, certificateFile, made] = [
        file('openssl.key'),
        file('openssl.pem'),
        file('openssl.sig'),
      ];
      const name = ['-subj', '/CN=Invented by OpenSSL', '-days', '3'];
      const request = [
        'req',
        '-x509',
        '-newkey',
        `gost2012_${bits}`,
        '-pkeyopt',
        'paramset:A',
        '-nodes',
        ...name,
      ];
      const usage = ['-addext', 'keyUsage=critical,nonRepudiation'];
      done(openssl(...request, ...usage, '-keyout', keyFile, '-out', certificateFile));
      const signer = ['-signer', certificateFile, '-inkey', keyFile];
      const sign = [
        'cms',
        '-sign',
        '-cades',
        '-binary',
        '-in',
        contentFile,
        ...signer,
        '-md',
        `md_gost12_${bits}`,
      ];
      done(openssl(...sign, '-outform', 'DER', '-out', made));
      const anchor = new Uint8Array(new X509Certificate(readFileSync(certificateFile)).raw);
      assert.equal(await verdictOf(readFileSync(made), anchor), 'passed');
      const changed = Uint8Array.from(readFileSync(made));
      changed[changed.length - 3] = (changed.at(-3) ?? 0) ^ 8;
      assert.equal(await verdictOf(changed, anchor), 'SIG_CRYPTO_FAILURE');
    });
  });

for (const algorithm of ['ecdsa-p384-sha384', 'rsa-pss-sha256'] as const)
  test(`OpenSSL accepts what we sign by ${algorithm}, and we what it signs`, { skip }, async () => {
    const authority = await createAuthority('Вымышленный УЦ');
    const signer = await makeSigner(authority, algorithm);
    const signature = await signer.sign(content);
    assert.equal(theyAccept(signature, authority.certificateDer).openssl, true);
    const other = file('other', Buffer.concat([content, Buffer.of(0)]));
    assert.equal(theyAccept(signature, authority.certificateDer, other).openssl, false);

    const [keyFile, made] = [
      file('node.key', String(signer.key.export({ type: 'pkcs8', format: 'pem' }))),
      file('made'),
    ];
    const args = ['-signer', file('node.pem', pem(signer.certificate)), '-inkey', keyFile, '-outform', 'DER'];
    const pss = ['-keyopt', 'rsa_padding_mode:pss', '-keyopt', 'rsa_pss_saltlen:32'];
    const md = algorithm === 'rsa-pss-sha256' ? ['-md', 'sha256', ...pss] : ['-md', 'sha384'];
    done(openssl('cms', '-sign', '-cades', '-binary', '-in', contentFile, ...args, ...md, '-out', made));
    assert.equal(await verdictOf(readFileSync(made), authority.certificateDer), 'passed');
  });
