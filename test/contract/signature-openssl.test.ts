import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, suite, test } from 'node:test';
import { buildPackage, verifyPackage } from '../../protocol/package/asice.ts';
import { verifyCades } from '../../protocol/signature/cades.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { filesOf } from '../fixtures/containers.ts';
import { algorithms, makeSigner, signerOf } from '../fixtures/signers.ts';

const folder = mkdtempSync(join(tmpdir(), 'okno-signature-'));
after(() => rmSync(folder, { recursive: true }));

const content = Buffer.from('Содержимое выдуманного документа\r\n\0\n'.repeat(100));
/** A minute ahead: certificates that are made on the way count from their own second on. */
const at = new Date(Date.now() + 60_000);
const authority = await createAuthority('Вымышленный удостоверяющий центр');

const file = (name: string, bytes?: Uint8Array | string) => {
  const path = join(folder, name);
  if (bytes !== undefined) writeFileSync(path, bytes);
  return path;
};
const run = (command: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  return { status, text: stdout + stderr };
};
const contentFile = file('document.pdf', content);
const anchorFile = file('ca.pem', authority.certificate);

function opensslAccepts(signature: string, document = contentFile, anchor = anchorFile): boolean {
  const args = [
    'cms',
    '-verify',
    '-cades',
    '-binary',
    '-inform',
    'DER',
    '-in',
    signature,
    '-content',
    document,
  ];
  return run('openssl', ...args, '-CAfile', anchor, '-purpose', 'any', '-out', '/dev/null').status === 0;
}

function gnutlsAccepts(signature: string, document = contentFile, anchor = anchorFile): boolean {
  const args = ['--p7-verify', '--inder', '--infile', signature, '--load-data', document];
  return run('certtool', ...args, '--load-ca-certificate', anchor).status === 0;
}

for (const algorithm of algorithms) {
  suite(`another program, ${algorithm}`, async () => {
    const signer = await makeSigner(authority, algorithm);
    const signature = await signer.sign(content);
    const signatureFile = file(`${algorithm}.sig`, signature);
    const certificateFile = file(`${algorithm}.pem`, new X509Certificate(signer.certificate).toString());
    const keyFile = file(`${algorithm}.key`, String(signer.key.export({ type: 'pkcs8', format: 'pem' })));

    test('OpenSSL and GnuTLS accept what we sign, and refuse it for other content', () => {
      const other = file(`${algorithm}.other`, Buffer.concat([content, Buffer.of(0)]));
      assert.ok(opensslAccepts(signatureFile));
      assert.ok(gnutlsAccepts(signatureFile));
      assert.ok(!opensslAccepts(signatureFile, other));
      assert.ok(!gnutlsAccepts(signatureFile, other));
    });

    test('we accept a CAdES signature made by OpenSSL, and none that it makes without CAdES', async () => {
      const made = file(`${algorithm}.openssl`);
      const args = [
        'cms',
        '-sign',
        '-binary',
        '-in',
        contentFile,
        '-signer',
        certificateFile,
        '-inkey',
        keyFile,
      ];
      const verdict = async () => {
        const input = { signature: readFileSync(made), content, anchors: [authority.certificateDer], at };
        const result = await verifyCades(input);
        return result.reason ?? result.verdict;
      };
      execFileSync('openssl', [...args, '-cades', '-md', 'sha256', '-outform', 'DER', '-out', made]);
      assert.equal(await verdict(), 'passed');
      execFileSync('openssl', [...args, '-md', 'sha256', '-outform', 'DER', '-out', made]);
      assert.equal(await verdict(), 'SIG_CONSTRAINTS_FAILURE');
      execFileSync('openssl', [...args, '-noattr', '-md', 'sha256', '-outform', 'DER', '-out', made]);
      assert.equal(await verdict(), 'SIG_CONSTRAINTS_FAILURE');
      execFileSync('openssl', [
        ...args,
        '-cades',
        '-md',
        'sha256',
        '-nodetach',
        '-outform',
        'DER',
        '-out',
        made,
      ]);
      assert.equal(await verdict(), 'FORMAT_FAILURE');
    });
  });
}

suite('an authority below an authority', async () => {
  const key = (name: string) => {
    const path = file(`${name}.key`);
    execFileSync(
      'openssl',
      ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', path],
      { stdio: 'ignore' },
    );
    return path;
  };
  const issue = (name: string, issuer: string | null, extensions: string) => {
    const [path, request] = [file(`${name}.pem`), file(`${name}.csr`)];
    const extensionFile = file(`${name}.ext`, extensions);
    const subject = `/C=RU/CN=Invented ${name}`;
    execFileSync('openssl', ['req', '-new', '-key', key(name), '-subj', subject, '-out', request], {
      stdio: 'ignore',
    });
    const by = issuer
      ? ['-CA', file(`${issuer}.pem`), '-CAkey', file(`${issuer}.key`), '-CAcreateserial']
      : ['-signkey', file(`${name}.key`)];
    execFileSync(
      'openssl',
      ['x509', '-req', '-in', request, '-extfile', extensionFile, '-days', '30', '-out', path, ...by],
      { stdio: 'ignore' },
    );
    return new Uint8Array(new X509Certificate(readFileSync(path)).raw);
  };
  const authorityExtensions = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n';
  const root = issue('root', null, authorityExtensions);
  const middle = issue('middle', 'root', authorityExtensions);
  const leaf = issue('leaf', 'middle', 'keyUsage=critical,nonRepudiation\n');
  const restricted = issue('restricted', 'middle', 'keyUsage=critical,keyAgreement\n');
  const critical = issue('critical', 'middle', '1.2.643.100.999=critical,ASN1:NULL\n');
  issue('short', 'root', 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign\n');
  issue('beyond', 'short', authorityExtensions);
  issue('pretender', 'root', 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,keyCertSign\n');
  issue('unrestricted', 'root', 'subjectAltName=DNS:invented.example\n');
  const leafKey = (name: string) => createPrivateKey(readFileSync(file(`${name}.key`)));
  const reasonOf = async (signature: Uint8Array, anchors: Uint8Array[]) => {
    const result = await verifyCades({ signature, content, anchors, at });
    return result.reason ?? result.verdict;
  };

  test('the path is found through the certificate inside the signature, and only there', async () => {
    const withChain = await signerOf(leaf, leafKey('leaf'), 'ecdsa-p256-sha256', [middle]).sign(content);
    const alone = await signerOf(leaf, leafKey('leaf'), 'ecdsa-p256-sha256').sign(content);
    assert.equal(await reasonOf(withChain, [root]), 'passed');
    assert.equal(await reasonOf(alone, [middle]), 'passed');
    assert.equal(await reasonOf(alone, [root]), 'NO_CERTIFICATE_CHAIN_FOUND');
    const signatureFile = file('chain.sig', withChain);
    assert.ok(opensslAccepts(signatureFile, contentFile, file('root.pem')));
    assert.ok(gnutlsAccepts(signatureFile, contentFile, file('root.pem')));
  });

  for (const [name, issuers] of [
    ['an authority below one that may have none below it', ['beyond', 'short']],
    ['an issuer that is no authority but may sign certificates', ['pretender']],
    ['an issuer of which nothing is said', ['unrestricted']],
  ] as const) {
    test(`${name} does not make a clerk`, async () => {
      const clerk = issue(`clerk-${issuers[0]}`, issuers[0], 'keyUsage=critical,nonRepudiation\n');
      const chain = issuers.map(
        issuer => new Uint8Array(new X509Certificate(readFileSync(file(`${issuer}.pem`))).raw),
      );
      const signer = signerOf(clerk, leafKey(`clerk-${issuers[0]}`), 'ecdsa-p256-sha256', chain);
      assert.equal(await reasonOf(await signer.sign(content), [root]), 'CHAIN_CONSTRAINTS_FAILURE');
    });
  }

  test('no bit of an enclosed authority can change and leave the signature passed', async () => {
    const signature = await signerOf(leaf, leafKey('leaf'), 'ecdsa-p256-sha256', [middle]).sign(content);
    const start = Buffer.from(signature).indexOf(middle);
    assert.ok(start > 0);
    for (let offset = start; offset < start + middle.length; offset++) {
      const changed = Buffer.from(signature);
      changed[offset] = (changed[offset] ?? 0) ^ 0x10;
      assert.notEqual(await reasonOf(changed, [root, middle]), 'passed', `byte ${offset}`);
    }
  });

  test('a certificate for another use, or with a critical extension nobody knows, does not pass', async () => {
    const forAgreement = await signerOf(restricted, leafKey('restricted'), 'ecdsa-p256-sha256', [
      middle,
    ]).sign(content);
    const withCritical = await signerOf(critical, leafKey('critical'), 'ecdsa-p256-sha256', [middle]).sign(
      content,
    );
    assert.equal(await reasonOf(forAgreement, [root]), 'CHAIN_CONSTRAINTS_FAILURE');
    assert.equal(await reasonOf(withCritical, [root]), 'CHAIN_CONSTRAINTS_FAILURE');
  });
});

suite('a package and other programs', async () => {
  const clerk = await makeSigner(authority, 'rsa-pkcs1-sha256');
  const box = await makeSigner(authority, 'ecdsa-p256-sha256', 'mfc-041');
  const document = { name: '01-application.pdf', mediaType: 'application/pdf', bytes: content };
  const built = await buildPackage({
    documents: [{ ...document, signature: await clerk.sign(content) }],
    metadata: { caseNumber: 'К-0001' },
    signManifest: box.sign,
  });
  const anchors = [authority.certificateDer];
  const options = { documentAnchors: anchors, containerAnchors: anchors, at };

  test('unzip finds no error, and each document verifies alone with its signature (LED-3.6)', () => {
    const path = file('package.asice', built);
    assert.match(run('unzip', '-t', path).text, /No errors detected/);
    execFileSync('unzip', ['-q', path, '-d', folder]);
    const documentFile = join(folder, 'documents/01-application.pdf');
    assert.ok(opensslAccepts(`${documentFile}.sig`, documentFile));
    assert.ok(
      opensslAccepts(join(folder, 'META-INF/signature001.p7s'), join(folder, 'META-INF/ASiCManifest001.xml')),
    );
  });

  test('the type stands at byte 38, where `file` looks for it', () => {
    assert.equal(Buffer.from(built.subarray(30, 38)).toString(), 'mimetype');
    assert.equal(Buffer.from(built.subarray(38, 69)).toString(), 'application/vnd.etsi.asic-e+zip');
  });

  const noZip = run('zip', '-v').status === 0 ? false : 'the program zip is not installed';
  test("a package zipped by Info-ZIP's program passes", { skip: noZip }, async () => {
    const entries = await filesOf(built);
    for (const { name, bytes } of entries) {
      mkdirSync(dirname(file(`zipped/${name}`)), { recursive: true });
      file(`zipped/${name}`, bytes);
    }
    const names = entries.map(({ name }) => name).filter(name => name !== 'mimetype');
    const inFolder = { cwd: file('zipped'), stdio: 'ignore' as const };
    execFileSync('zip', ['-X0', '../foreign.asice', 'mimetype'], inFolder);
    execFileSync('zip', ['-D', '../foreign.asice', ...names], inFolder);
    assert.equal((await verifyPackage(readFileSync(file('foreign.asice')), options)).verdict, 'passed');
  });
});
