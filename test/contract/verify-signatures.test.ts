import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { verifyCms } from '../../protocol/signature/cms-verify.ts';
import { contentOf } from '../../protocol/signature/content.ts';
import { contextTag, objectIdentifier, octetString } from '../../protocol/signature/der-writer.ts';
import { isMime, readMime } from '../../protocol/signature/mime.ts';
import { trustOf } from '../../protocol/signature/trust.ts';
import {
  inBer,
  pem,
  signedValue,
  signerInfoOf,
  withMembers,
  withSigners,
  withUnsigned,
} from '../fixtures/foreign/cms-surgery.ts';
import { authorityExtensions, opensslWorkshop, stampExtensions } from '../fixtures/foreign/openssl.ts';

const workshop = opensslWorkshop();
const { cms, issue, stamp, revocationList } = workshop;
const content = Buffer.from('Содержимое выдуманного документа\r\n\0\n'.repeat(30));
workshop.save('content', content);
workshop.save('other', 'Другое содержимое');
const root = issue('root', { extensions: authorityExtensions });
issue('stranger', { extensions: authorityExtensions });
issue('middle', { issuer: 'root', extensions: authorityExtensions });
for (const kind of ['p256', 'p384', 'p521', 'rsa2048', 'rsa1024'] as const)
  issue(kind, { issuer: 'root', kind });
issue('second', { issuer: 'root' });
issue('below', { issuer: 'middle' });
issue('outsider', { issuer: 'stranger' });
issue('expired', { issuer: 'root', from: '20200101000000Z', to: '20210101000000Z' });
issue('early', { issuer: 'root', from: '20390101000000Z', to: '20400101000000Z' });
issue('tsa', { issuer: 'root', extensions: stampExtensions });
issue('foreign-tsa', { issuer: 'stranger', extensions: stampExtensions });

issue('of-sha1', { issuer: 'root', digest: 'sha1' });
const version1 = issue('version1', { version1: true });
issue('of-version1', { issuer: 'version1' });
issue('narrow', {
  issuer: 'root',
  extensions: `${authorityExtensions}nameConstraints=critical,permitted;dirName:allowed\n[allowed]\nC=RU\nO=Invented\nOU=Office\n`,
});
issue('outside', { issuer: 'narrow' });
issue('inside', { issuer: 'narrow', subject: '/C=RU/O=Invented/OU=Office/CN=inside' });

const now = () => new Date(Date.now() + 60_000);
const signatureStamp = '1.2.840.113549.1.9.16.2.14';
const counterSignature = '1.2.840.113549.1.9.6';

interface Setting {
  content?: Uint8Array | null;
  anchors?: Uint8Array[];
  revocationLists?: Uint8Array[];
  at?: Date;
}

async function judge(signature: Uint8Array, setting: Setting = {}) {
  const { anchors = [root], revocationLists = [], at = now() } = setting;
  const beside = setting.content === undefined ? content : setting.content;
  return verifyCms(signature, beside && contentOf(beside), trustOf({ anchors, revocationLists, at }));
}

async function verdict(signature: Uint8Array, setting?: Setting): Promise<string> {
  const { signatures } = await judge(signature, setting);
  return signatures.map(each => (each.reason ? `${each.verdict} ${each.reason}` : each.verdict)).join(' | ');
}

const good = cms(['p256'], 'content', '-cades');
const tampered = Buffer.concat([content, Buffer.of(0)]);

const listOfNobody = revocationList('root');
const onHold =
  issue('suspended', { issuer: 'root' }) &&
  revocationList('root', { revoke: 'suspended', reason: 'certificateHold' });
issue('revoked', { issuer: 'root' });
const beforeRevocation = cms(['revoked'], 'content', '-cades');
const stampedBefore = withUnsigned(
  beforeRevocation,
  signatureStamp,
  stamp('tsa', signedValue(beforeRevocation)),
);
// The stamp must be older than the revocation, and both count in seconds.
await new Promise(resolve => setTimeout(resolve, 2100));
const listWithRevoked = revocationList('root', { revoke: 'revoked' });
const staleList = revocationList('root', {
  args: ['-crl_lastupdate', '20250101000000Z', '-crl_nextupdate', '20250201000000Z'],
});
const strangersList = revocationList('stranger');

/** One bit near the end is another: in the value of a signature. */
const spoiled = (bytes: Uint8Array) =>
  Buffer.from(bytes.map((byte, index) => (index === bytes.length - 6 ? byte ^ 1 : byte)));

type Row = [name: string, make: () => Uint8Array | string, expected: string, setting?: Setting];
const table = (title: string, rows: Row[]) =>
  suite(title, () => {
    for (const [name, make, expected, setting] of rows)
      test(`${name}: ${expected}`, async () => {
        const made = make();
        assert.equal(await verdict(typeof made === 'string' ? Buffer.from(made) : made, setting), expected);
      });
  });

const plain = 'indeterminate SIG_CONSTRAINTS_FAILURE';
const weak = 'indeterminate CRYPTO_CONSTRAINTS_FAILURE';

table('a signature made by OpenSSL', [
  ['CAdES in DER', () => good, 'passed'],
  ['other content', () => good, 'failed HASH_FAILURE', { content: tampered }],
  ['no content at hand', () => good, 'indeterminate SIGNED_DATA_NOT_FOUND', { content: null }],
  ['content inside', () => cms(['p256'], 'content', '-cades', '-nodetach'), 'passed', { content: null }],
  ['the same content inside and beside', () => cms(['p256'], 'content', '-cades', '-nodetach'), 'passed'],
  [
    'another content beside than inside',
    () => cms(['p256'], 'content', '-cades', '-nodetach'),
    'failed HASH_FAILURE',
    { content: tampered },
  ],
  ['written as a stream (BER)', () => cms(['p256'], 'content', '-cades', '-nodetach', '-stream'), 'passed'],
  ['PEM labelled CMS', () => pem('CMS', good), 'passed'],
  ['PEM labelled PKCS7', () => pem('PKCS7', good), 'passed'],
  ['PEM labelled PKCS #7 SIGNED DATA', () => pem('PKCS #7 SIGNED DATA', good), 'passed'],
  ['base64 in lines', () => good.toString('base64').replace(/(.{64})/g, '$1\r\n'), 'passed'],
  ['base64 in one line', () => good.toString('base64'), 'passed'],
  ['PEM of another kind', () => pem('CERTIFICATE', good), 'failed FORMAT_FAILURE'],
  ['ECDSA P-384', () => cms(['p384'], 'content', '-cades', '-md', 'sha384'), 'passed'],
  ['ECDSA P-521', () => cms(['p521'], 'content', '-cades', '-md', 'sha512'), 'passed'],
  ['RSA with SHA-512', () => cms(['rsa2048'], 'content', '-cades', '-md', 'sha512'), 'passed'],
  ['RSA-PSS', () => cms(['rsa2048'], 'content', '-cades', '-keyopt', 'rsa_padding_mode:pss'), 'passed'],
  [
    'RSA-PSS with a mask of SHA-1 and a short salt',
    () =>
      cms(
        ['rsa2048'],
        'content',
        '-cades',
        ...['rsa_padding_mode:pss', 'rsa_mgf1_md:sha1', 'rsa_pss_saltlen:20'].flatMap(each => [
          '-keyopt',
          each,
        ]),
      ),
    'passed',
  ],
  ['SHA-1', () => cms(['p256'], 'content', '-cades', '-md', 'sha1'), weak],
  ['RSA of 1024 bits', () => cms(['rsa1024'], 'content', '-cades'), weak],
  [
    'a changed document under SHA-1',
    () => cms(['p256'], 'content', '-cades', '-md', 'sha1'),
    'failed HASH_FAILURE',
    { content: tampered },
  ],
  ['a signer named by his key', () => cms(['p256'], 'content', '-cades', '-keyid'), 'passed'],
  ['plain CMS, which does not name its certificate', () => cms(['p256'], 'content'), plain],
  ['plain CMS without signed attributes', () => cms(['p256'], 'content', '-noattr'), plain],
  [
    'a changed document under plain CMS without signed attributes',
    () => cms(['p256'], 'content', '-noattr'),
    'failed SIG_CRYPTO_FAILURE',
    { content: tampered },
  ],
  [
    'no certificate inside',
    () => cms(['p256'], 'content', '-cades', '-nocerts'),
    'indeterminate NO_SIGNING_CERTIFICATE_FOUND',
  ],
  [
    'no certificate inside, but known here',
    () => cms(['p256'], 'content', '-cades', '-nocerts'),
    'passed',
    { anchors: [root, workshop.derOf('p256')] },
  ],
  [
    'content of a type of its own',
    () => cms(['p256'], 'content', '-cades', '-econtent_type', '1.2.3.4'),
    'passed',
  ],
  ['two signers', () => cms(['p256', 'rsa2048'], 'content', '-cades'), 'passed | passed'],
  [
    'two signers, one of them a stranger',
    () => cms(['p256', 'outsider'], 'content', '-cades'),
    'passed | indeterminate NO_CERTIFICATE_CHAIN_FOUND',
  ],
]);

table('a chain', [
  [
    'through an authority inside',
    () => cms(['below'], 'content', '-cades', '-certfile', 'middle.pem'),
    'passed',
  ],
  [
    'with its authority left out',
    () => cms(['below'], 'content', '-cades'),
    'indeterminate NO_CERTIFICATE_CHAIN_FOUND',
  ],
  [
    'by an authority that nobody trusts',
    () => cms(['outsider'], 'content', '-cades'),
    'indeterminate NO_CERTIFICATE_CHAIN_FOUND',
  ],
  [
    'of which the signer has expired',
    () => cms(['expired'], 'content', '-cades'),
    'indeterminate OUT_OF_BOUNDS_NO_POE',
  ],
  [
    'of which the signer is not yet valid',
    () => cms(['early'], 'content', '-cades'),
    'indeterminate OUT_OF_BOUNDS_NO_POE',
  ],
  [
    'judged for a time at which it held',
    () => cms(['expired'], 'content', '-cades'),
    'passed',
    { at: new Date('2020-06-01T00:00:00Z') },
  ],
  ['with a link signed by SHA-1', () => cms(['of-sha1'], 'content', '-cades'), weak],
  [
    'from a root of version 1',
    () => cms(['of-version1'], 'content', '-cades'),
    'passed',
    { anchors: [version1] },
  ],
  [
    'below a name that the authority may not certify',
    () => cms(['outside'], 'content', '-cades', '-certfile', 'narrow.pem'),
    'indeterminate CHAIN_CONSTRAINTS_FAILURE',
  ],
  [
    'below a name that it may certify',
    () => cms(['inside'], 'content', '-cades', '-certfile', 'narrow.pem'),
    'passed',
  ],
]);

table('revocation', [
  ['a list that does not name the signer', () => good, 'passed', { revocationLists: [listOfNobody] }],
  [
    'a revoked signer',
    () => beforeRevocation,
    'indeterminate REVOKED_NO_POE',
    { revocationLists: [listWithRevoked] },
  ],
  [
    'a revoked signer with the list inside the signature',
    () =>
      withMembers(beforeRevocation, ([version, digests, inner, certificates, ...rest]) =>
        [version, digests, inner, certificates, contextTag(1, listWithRevoked), ...rest].filter(
          each => each !== undefined,
        ),
      ),
    'indeterminate REVOKED_NO_POE',
  ],
  [
    'a signature that a stamp proves to be older than the revocation',
    () => stampedBefore,
    'passed',
    { revocationLists: [listWithRevoked] },
  ],
  [
    'a suspended signer',
    () => cms(['suspended'], 'content', '-cades'),
    'indeterminate TRY_LATER',
    { revocationLists: [onHold] },
  ],
  ['a list that has run out', () => good, 'indeterminate TRY_LATER', { revocationLists: [staleList] }],
  ['a list of another authority', () => good, 'passed', { revocationLists: [strangersList] }],
  [
    'a list with a changed byte',
    () => beforeRevocation,
    'passed',
    { revocationLists: [spoiled(listWithRevoked)] },
  ],
]);

const stampOf = (signature: Uint8Array, authority = 'tsa') => stamp(authority, signedValue(signature));
const stamped = withUnsigned(good, signatureStamp, stampOf(good));
const expiredSignature = cms(['expired'], 'content', '-cades');
const earlySignature = cms(['early'], 'content', '-cades');

table('a time stamp', [
  ['over the signature', () => stamped, 'passed'],
  ['over another value', () => withUnsigned(good, signatureStamp, stamp('tsa', content)), plain],
  ['that is no stamp', () => withUnsigned(good, signatureStamp, octetString(content)), plain],
  ['with a changed byte', () => withUnsigned(good, signatureStamp, spoiled(stampOf(good))), plain],
  [
    'by an authority nobody trusts proves nothing',
    () => withUnsigned(good, signatureStamp, stampOf(good, 'foreign-tsa')),
    'passed',
  ],
  [
    'with SHA-512',
    () => withUnsigned(good, signatureStamp, stamp('tsa', signedValue(good), 'sha512')),
    'passed',
  ],
  [
    'made after the certificate had expired',
    () => withUnsigned(expiredSignature, signatureStamp, stampOf(expiredSignature)),
    'indeterminate OUT_OF_BOUNDS_NO_POE',
  ],
  [
    'made before the certificate was valid',
    () => withUnsigned(earlySignature, signatureStamp, stampOf(earlySignature)),
    'failed NOT_YET_VALID',
  ],
]);

test('a stamp lifts the signature to level T and states when it existed', async () => {
  const [signature] = (await judge(stamped)).signatures;
  assert.equal(signature?.level, 'T');
  assert.match(signature?.provenAt ?? '', /^\d{4}-/);
  const [untrusted] = (await judge(withUnsigned(good, signatureStamp, stampOf(good, 'foreign-tsa'))))
    .signatures;
  assert.equal(untrusted?.level, 'BES');
  assert.deepEqual(untrusted?.notes.includes('time-stamp-not-trusted'), true);
});

const counter = (name: string, over: Uint8Array) => {
  workshop.save('value', over);
  return signerInfoOf(cms([name], 'value', '-cades', '-md', 'sha256'));
};

table('a counter-signature', [
  [
    'over the signature',
    () =>
      withUnsigned(
        cms(['p256'], 'content', '-cades', '-certfile', 'second.pem'),
        counterSignature,
        counter('second', signedValue(good)),
      ),
    'passed | failed HASH_FAILURE',
  ],
]);

test('a counter-signature is judged by itself, over the value of the signature', async () => {
  const base = cms(['p256'], 'content', '-cades', '-certfile', 'second.pem');
  assert.equal(
    await verdict(withUnsigned(base, counterSignature, counter('second', signedValue(base)))),
    'passed | passed',
  );
});

const member = (at: number, change: (encoded: Uint8Array) => Uint8Array) => (members: Uint8Array[]) =>
  members.map((each, index) => (index === at ? change(each) : each));
const format = 'failed FORMAT_FAILURE';

table('a message put together wrongly', [
  ['BER frames and pieces', () => inBer(good), 'passed'],
  [
    'BER of a message with content',
    () => inBer(cms(['p256'], 'content', '-cades', '-nodetach')),
    'passed',
    { content: null },
  ],
  ['bytes behind it', () => Buffer.concat([good, Buffer.of(0)]), format],
  ['bytes behind it in BER', () => Buffer.concat([inBer(good), Buffer.of(5, 0)]), format],
  ['no end of an indefinite length', () => inBer(good).subarray(0, -2), format],
  ['cut off in the middle', () => good.subarray(0, good.length >> 1), format],
  ['nothing', () => new Uint8Array(), format],
  ['only text', () => 'Подписано', format],
  ['nobody signed', () => withSigners(good, () => []), format],
  [
    'SignedData of version 3 without cause',
    () =>
      withMembers(
        good,
        member(0, () => Buffer.of(2, 1, 3)),
      ),
    'passed',
  ],
  [
    'SignerInfo of version 3 with a certificate number',
    () => withSigners(good, ([first = []]) => [member(0, () => Buffer.of(2, 1, 3))(first)]),
    'passed',
  ],
  [
    'a digest that the message does not name',
    () =>
      withMembers(
        good,
        member(1, () => Buffer.from('310d300b0609608648016503040203', 'hex')),
      ),
    format,
  ],
  [
    'another type of message',
    () =>
      Buffer.from(String(good.toString('hex')).replace('2a864886f70d010702', '2a864886f70d010703'), 'hex'),
    format,
  ],
  [
    'an empty value',
    () => withSigners(good, ([first = []]) => [member(5, () => octetString(new Uint8Array()))(first)]),
    'failed SIG_CRYPTO_FAILURE',
  ],
  [
    'another signature algorithm than the key',
    () =>
      withSigners(good, ([first = []]) => [
        member(4, () => Buffer.from('300d06092a864886f70d01010b0500', 'hex'))(first),
      ]),
    'failed SIG_CRYPTO_FAILURE',
  ],
  [
    'an unknown signature algorithm',
    () =>
      withSigners(good, ([first = []]) => [
        member(4, () => Buffer.concat([Buffer.of(0x30, 5), objectIdentifier('1.2.3.4')]))(first),
      ]),
    weak,
  ],
  [
    'signed attributes in BER',
    () =>
      withSigners(good, ([first = []]) => [
        member(3, each =>
          Buffer.concat([Buffer.of(0xa0, 0x80), each.subarray(each[1] === 0x81 ? 3 : 4), Buffer.of(0, 0)]),
        )(first),
      ]),
    format,
  ],
  [
    'a value of another content',
    () =>
      withSigners(good, ([first = []]) => [
        member(5, () => octetString(signedValue(cms(['p256'], 'other', '-cades'))))(first),
      ]),
    'failed SIG_CRYPTO_FAILURE',
  ],
]);

suite('GnuTLS', () => {
  test('its detached signature is checked, and told to lack what CAdES asks for', async () => {
    const made = execFileSync(
      'certtool',
      [
        '--p7-detached-sign',
        '--p7-time',
        '--load-certificate',
        'p256.pem',
        '--load-privkey',
        'p256.key',
        '--infile',
        'content',
        '--outder',
        '--outfile',
        'gnutls',
      ],
      { cwd: workshop.folder, stdio: 'pipe' },
    );
    assert.equal(made.length, 0);
    const signature = readFileSync(workshop.path('gnutls'));
    assert.equal(await verdict(signature), plain);
    assert.equal(await verdict(signature, { content: tampered }), 'failed HASH_FAILURE');
  });
});

suite('a signed letter (S/MIME)', () => {
  const letter = (...args: string[]) => {
    workshop.openssl(
      ...['cms', '-sign', '-in', 'text', '-cades', '-signer', 'p256.pem', '-inkey', 'p256.key'],
      ...['-out', 'letter', ...args],
    );
    return readFileSync(workshop.path('letter'), 'utf8');
  };
  workshop.save('text', 'Выдуманное письмо\nв две строки\n');
  const said = async (text: string) => {
    assert.ok(isMime(text));
    const read = readMime(Buffer.from(text));
    return read && (await verdict(read.signature, { content: read.content }));
  };

  test('with the signature in a part of its own, whatever ends its lines', async () => {
    const made = letter();
    for (const form of [made, made.replace(/\r?\n/g, '\n'), made.replace(/\r?\n/g, '\r\n')])
      assert.equal(await said(form), 'passed');
    assert.equal(await said(made.replace('две', 'три')), 'failed HASH_FAILURE');
    assert.equal(await said(made.replace(/--\s*$/, '')), null);
  });

  test('with the content inside the message', async () => {
    assert.equal(await said(letter('-nodetach')), 'passed');
  });

  test('a letter without signature is none, and base64 is no letter', () => {
    assert.equal(readMime(Buffer.from('Subject: x\n\ntext\n')), null);
    assert.equal(isMime(good.toString('base64')), false);
    assert.equal(isMime(pem('CMS', good)), false);
  });
});
