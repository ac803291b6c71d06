import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { verifyCms } from '../../protocol/signature/cms-verify.ts';
import { contentOf } from '../../protocol/signature/content.ts';
import { octetString } from '../../protocol/signature/der-writer.ts';
import { trustOf } from '../../protocol/signature/trust.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { type Craft, craftSignature } from '../fixtures/crafted-signature.ts';
import {
  inBer,
  signedValue,
  withMembers,
  withSigners,
  withUnsigned,
} from '../fixtures/foreign/cms-surgery.ts';
import { authorityExtensions, opensslWorkshop, stampExtensions } from '../fixtures/foreign/openssl.ts';
import { makeSigner } from '../fixtures/signers.ts';

const authority = await createAuthority('Вымышленный удостоверяющий центр');
const signer = await makeSigner(authority, 'ecdsa-p256-sha256');
const workshop = opensslWorkshop();
const content = Buffer.from('Содержимое выдуманного документа');
workshop.save('content', content);
const root = workshop.issue('root', { extensions: authorityExtensions });
for (const kind of ['p256', 'rsa1024'] as const) workshop.issue(kind, { issuer: 'root', kind });
workshop.issue('expired', { issuer: 'root', from: '20200101000000Z', to: '20210101000000Z' });
workshop.issue('encrypts', { issuer: 'root', extensions: 'keyUsage=critical,keyEncipherment\n' });
workshop.issue('critical', { issuer: 'root', extensions: '1.2.643.100.999=critical,ASN1:NULL\n' });
workshop.issue('tsa', { issuer: 'root', extensions: stampExtensions });
workshop.save('both.pem', authority.certificate + readFileSync(workshop.path('root.pem'), 'utf8'));
const trust = trustOf({ anchors: [authority.certificateDer, root], at: new Date(Date.now() + 60_000) });

const made = (...args: string[]) => workshop.cms(['p256'], 'content', ...args);
const crafted = (craft: Craft) => craftSignature(signer, content, craft);
const good = made('-cades');

/** What `openssl cms -verify -cades` says beside what we say, and why the two differ. */
const rows: [name: string, message: () => Uint8Array, openssl: boolean, ours: string, why: string][] = [
  ['CAdES', () => good, true, 'passed', ''],
  ['CAdES in BER', () => inBer(good), true, 'passed', ''],
  [
    'a changed value',
    () =>
      withSigners(good, ([first = []]) => [
        first.map((each, index) => (index === 5 ? signedValueOfOther() : each)),
      ]),
    false,
    'failed',
    '',
  ],
  [
    'an expired signer',
    () => workshop.cms(['expired'], 'content', '-cades'),
    false,
    'indeterminate',
    'a stamp might still prove that it was made in time',
  ],
  [
    'a key for encryption',
    () => workshop.cms(['encrypts'], 'content', '-cades'),
    true,
    'indeterminate',
    'with -purpose any OpenSSL does not ask what the key is for',
  ],
  [
    'a critical extension nobody knows',
    () => workshop.cms(['critical'], 'content', '-cades'),
    false,
    'indeterminate',
    'the chain cannot be judged: RFC 5280 section 4.2',
  ],
  [
    'no signed attributes',
    () => made('-noattr'),
    true,
    'indeterminate',
    'openssl issue 27055: -cades lets it pass; CAdES must name its certificate',
  ],
  [
    'no signing-certificate',
    () => made(),
    false,
    'indeterminate',
    'not CAdES, but nothing about it is wrong',
  ],
  [
    'unsorted signed attributes',
    () => crafted({ attributes: correct => Object.values(correct).toSorted(Buffer.compare).toReversed() }),
    true,
    'failed',
    'RFC 5652 section 5.3: DER',
  ],
  [
    'an attribute twice',
    () =>
      crafted({ attributes: correct => [correct.type, ...Object.values(correct)].toSorted(Buffer.compare) }),
    false,
    'failed',
    '',
  ],
  [
    'RSA of 1024 bits',
    () => workshop.cms(['rsa1024'], 'content', '-cades'),
    true,
    'indeterminate',
    'ETSI TS 119 312; refused by OpenSSL only at security level 2',
  ],
  ['SHA-1', () => made('-cades', '-md', 'sha1'), true, 'indeterminate', 'ETSI TS 119 312'],
  [
    'a stamp over something else',
    () => withUnsigned(good, '1.2.840.113549.1.9.16.2.14', workshop.stamp('tsa', content)),
    true,
    'indeterminate',
    'OpenSSL does not look at stamps',
  ],
  [
    'a digest that the message does not name',
    () =>
      withMembers(good, members =>
        members.map((each, index) =>
          index === 1 ? Buffer.from('310d300b0609608648016503040203', 'hex') : each,
        ),
      ),
    false,
    'failed',
    '',
  ],
  [
    'bytes behind it',
    () => Buffer.concat([good, Buffer.from('0500', 'hex')]),
    true,
    'failed',
    'OpenSSL stops reading at the end of the first value',
  ],
];

/** The value of a signature over other content. */
function signedValueOfOther(): Uint8Array {
  workshop.save('other', 'Другое содержимое');
  return octetString(signedValue(workshop.cms(['p256'], 'other', '-cades')));
}

for (const [name, message, openssl, ours, why] of rows)
  test(`${name}: OpenSSL ${openssl ? 'accepts' : 'refuses'}, we say ${ours}${why && `: ${why}`}`, async () => {
    const bytes = message();
    workshop.save('message', bytes);
    const accepted = workshop.accepts(
      ...['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', 'message', '-content', 'content'],
      ...['-CAfile', 'both.pem', '-purpose', 'any', '-out', 'ignored'],
    );
    assert.equal((await verifyCms(bytes, contentOf(content), trust)).verdict, ours);
    assert.equal(accepted, openssl);
  });
