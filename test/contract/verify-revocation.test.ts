import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readCertificate } from '../../protocol/signature/certificate.ts';
import { verifyCms } from '../../protocol/signature/cms-verify.ts';
import { contentOf } from '../../protocol/signature/content.ts';
import { FormatError } from '../../protocol/signature/der.ts';
import { contextTag, sequence } from '../../protocol/signature/der-writer.ts';
import { readOcspAnswer } from '../../protocol/signature/ocsp-answer.ts';
import { ocspRequest } from '../../protocol/signature/ocsp-request.ts';
import { revocationUrls } from '../../protocol/signature/revocation-urls.ts';
import { type TrustInput, trustOf } from '../../protocol/signature/trust.ts';
import { signedValue, withUnsigned } from '../fixtures/foreign/cms-surgery.ts';
import {
  authorityExtensions,
  opensslWorkshop,
  personExtensions,
  stampExtensions,
} from '../fixtures/foreign/openssl.ts';

const { issue, cms, save, stamp, ocspAnswer, revocationList } = opensslWorkshop();
const responderExtensions =
  'keyUsage=critical,digitalSignature\nextendedKeyUsage=OCSPSigning\nnoCheck=ignored\n';
const dated = { from: '20200101000000Z', to: '20400101000000Z' };
const root = issue('root', { ...dated, extensions: authorityExtensions });
issue('stranger', { ...dated, extensions: authorityExtensions });
const addresses =
  'crlDistributionPoints=URI:http://ca.example/root.crl,URI:ldap://ca.example/root\nauthorityInfoAccess=OCSP;URI:http://ca.example/ocsp,caIssuers;URI:http://ca.example/root.crt\n';
const person = issue('person', { ...dated, issuer: 'root', extensions: personExtensions + addresses });
const leaver = issue('leaver', { ...dated, issuer: 'root' });
issue('responder', { ...dated, issuer: 'root', extensions: responderExtensions });
issue('old responder', {
  ...{ from: '20200101000000Z', to: '20250101000000Z', issuer: 'root', extensions: responderExtensions },
});
issue('pretender', { ...dated, issuer: 'root', extensions: personExtensions });
issue('foreign responder', { ...dated, issuer: 'stranger', extensions: responderExtensions });
issue('tsa', { ...dated, issuer: 'root', extensions: stampExtensions });

const content = Buffer.from('Заявление, которого никто не писал');
save('content', content);
const good = cms(['person'], 'content', '-cades');
const byLeaver = cms(['leaver'], 'content', '-cades');
const [issuer, about, aboutLeaver] = [root, person, leaver].map(readCertificate);
assert.ok(issuer && about && aboutLeaver);
const request = ocspRequest(about, issuer);
const leaverRequest = ocspRequest(aboutLeaver, issuer);
const answer = ocspAnswer('root', request, 'responder');
const stampedBefore = withUnsigned(
  byLeaver,
  '1.2.840.113549.1.9.16.2.14',
  stamp('tsa', signedValue(byLeaver)),
);
const before = new Date();
// The stamp must be older than the revocation, and both count in seconds.
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1100);
const list = revocationList('root', { revoke: 'leaver' });
const revoked = ocspAnswer('root', leaverRequest, 'responder');
const unknown = ocspAnswer('stranger', request, 'stranger');

/** OCSPResponse without its wrapper, as signatures carry it. */
const basic = (response: Uint8Array) => {
  const marker = Buffer.from('06092b0601050507300101', 'hex');
  const bytes = Buffer.from(response);
  const at = bytes.indexOf(marker) + marker.length;
  const lengthBytes = (bytes[at + 1] ?? 0) & 0x7f;
  return bytes.subarray(at + 2 + lengthBytes);
};
const longTerm = withUnsigned(
  withUnsigned(good, '1.2.840.113549.1.9.16.2.14', stamp('tsa', signedValue(good))),
  '1.2.840.113549.1.9.16.2.24',
  sequence(contextTag(1, sequence(basic(answer)))),
);

const judge = async (signature: Uint8Array, setting: Partial<TrustInput> = {}) => {
  const trust = trustOf({ anchors: [root], at: new Date(), ...setting });
  const { signatures } = await verifyCms(signature, contentOf(content), trust);
  const [{ verdict, reason, level, notes } = assert.fail()] = signatures;
  return { said: reason ? `${verdict} ${reason}` : verdict, level, notes };
};

/** The last digit of the first time in it is another one. */
const spoiled = (bytes: Uint8Array) => {
  const changed = Buffer.from(bytes);
  const at = changed.indexOf('Z', changed.indexOf('20')) - 1;
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
};
const inTwoDays = () => new Date(Date.now() + 2 * 24 * 3_600_000);

suite('answers of OCSP responders (RFC 6960)', () => {
  const cases: [string, Uint8Array, Partial<TrustInput>, string, boolean][] = [
    ['nothing is known', good, {}, 'passed', false],
    ['good, by a certified responder', good, { ocspAnswers: [answer] }, 'passed', true],
    ['good, by the authority itself', good, { ocspAnswers: [ocspAnswer('root', request)] }, 'passed', true],
    ['the answer without its wrapper', good, { ocspAnswers: [basic(answer)] }, 'passed', true],
    ['revoked', byLeaver, { ocspAnswers: [revoked] }, 'indeterminate REVOKED_NO_POE', true],
    ['revoked after a stamp', stampedBefore, { ocspAnswers: [revoked] }, 'passed', true],
    ['revoked by a list', byLeaver, { revocationLists: [list] }, 'indeterminate REVOKED_NO_POE', true],
    [
      'a stamp over the package is older than the revocation',
      byLeaver,
      { ocspAnswers: [revoked], provenAt: before },
      'passed',
      true,
    ],
    ['of somebody else', good, { ocspAnswers: [revoked] }, 'passed', false],
    ['the responder does not know', good, { ocspAnswers: [unknown] }, 'passed', false],
    [
      'a person of the same authority answers',
      good,
      { ocspAnswers: [ocspAnswer('root', request, 'pretender')] },
      'passed',
      false,
    ],
    [
      'a responder of another authority answers',
      byLeaver,
      { ocspAnswers: [ocspAnswer('root', leaverRequest, 'foreign responder')] },
      'passed',
      false,
    ],
    ['an answer that was changed', byLeaver, { ocspAnswers: [spoiled(revoked)] }, 'passed', false],
    [
      "the responder's certificate was over before it answered",
      good,
      { ocspAnswers: [ocspAnswer('root', request, 'old responder')] },
      'passed',
      false,
    ],
    [
      'the answer is of yesterday',
      good,
      { ocspAnswers: [answer], at: inTwoDays() },
      'indeterminate TRY_LATER',
      true,
    ],
    [
      'an answer without a next one ages in a day',
      good,
      { ocspAnswers: [ocspAnswer('root', request, 'responder', '-no_nonce')], at: inTwoDays() },
      'indeterminate TRY_LATER',
      true,
    ],
    [
      'the newest counts: a list of today after an answer',
      byLeaver,
      { ocspAnswers: [revoked], revocationLists: [list] },
      'indeterminate REVOKED_NO_POE',
      true,
    ],
  ];
  for (const [name, signature, setting, expected, checked] of cases)
    test(name, async () => {
      const { said, notes } = await judge(signature, setting);
      assert.equal(said, expected);
      if (expected === 'passed') assert.equal(!notes.includes('revocation-not-checked'), checked);
    });

  test("an answer outlives its responder's certificate only with a proof of its age", async () => {
    issue('brief responder', {
      ...{ from: '20200101000000Z', to: shortly(), issuer: 'root', extensions: responderExtensions },
    });
    const brief = ocspAnswer('root', request, 'brief responder', '-ndays', '9');
    const setting = { ocspAnswers: [brief], at: inTwoDays() };
    assert.equal((await judge(good, setting)).said, 'indeterminate REVOCATION_OUT_OF_BOUNDS_NO_POE');
  });

  test('CAdES-LT: stamp and answer lie in the signature', async () => {
    const { said, level, notes } = await judge(longTerm, { at: inTwoDays() });
    assert.deepEqual([said, level], ['passed', 'LT']);
    assert.equal(notes.includes('revocation-not-checked'), false);
    // The same data from elsewhere check the signature, but are not part of it.
    const elsewhere = withUnsigned(good, '1.2.840.113549.1.9.16.2.14', stamp('tsa', signedValue(good)));
    assert.equal((await judge(elsewhere, { ocspAnswers: [answer] })).level, 'T');
    assert.equal((await judge(good, { ocspAnswers: [answer] })).level, 'BES');
  });

  test('an archive time stamp that does not fit is told and counts for nothing', async () => {
    const archived = withUnsigned(longTerm, '0.4.0.1733.2.4', stamp('tsa', good));
    const { said, level, notes } = await judge(archived, { at: inTwoDays() });
    assert.deepEqual([said, level, notes], ['passed', 'LT', ['archive-time-stamp-not-trusted']]);
  });

  test('every bit of an answer that is changed makes it another one or none', () => {
    for (let bit = 0; bit < answer.length * 8; bit += 29) {
      const changed = Buffer.from(answer);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      try {
        readOcspAnswer(changed);
      } catch (error) {
        assert.ok(error instanceof FormatError, String(error));
      }
    }
    for (let length = 0; length < answer.length; length += 7)
      assert.throws(() => readOcspAnswer(answer.subarray(0, length)), FormatError);
  });

  test('no changed answer ever makes a revoked signature pass as checked', async () => {
    for (let bit = 5; bit < revoked.length * 8; bit += 97) {
      const changed = Buffer.from(revoked);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      let trust: Partial<TrustInput>;
      try {
        readOcspAnswer(changed);
        trust = { ocspAnswers: [changed] };
      } catch {
        continue;
      }
      const { said, notes } = await judge(byLeaver, trust);
      assert.ok(said !== 'passed' || notes.includes('revocation-not-checked'), `bit ${bit}`);
    }
  });

  test('a certificate tells where to ask', () => {
    assert.deepEqual(revocationUrls(about), {
      lists: ['http://ca.example/root.crl'],
      responders: ['http://ca.example/ocsp'],
    });
    assert.deepEqual(revocationUrls(aboutLeaver), { lists: [], responders: [] });
  });
});

/** In half an hour, as `openssl ca` writes it. */
function shortly(): string {
  return `${new Date(Date.now() + 1_800_000).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
}
