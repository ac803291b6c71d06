import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../protocol/app-error.ts';
import { buildPackage, readPackage, verifyPackage } from '../../protocol/package/asice.ts';
import { readManifest } from '../../protocol/package/manifest.ts';
import { readCertificate } from '../../protocol/signature/certificate.ts';
import { readCms } from '../../protocol/signature/cms.ts';
import { FormatError } from '../../protocol/signature/der.ts';
import { readOcspAnswer } from '../../protocol/signature/ocsp-answer.ts';
import { ocspRequest } from '../../protocol/signature/ocsp-request.ts';
import { readRevocationList } from '../../protocol/signature/revocation-list.ts';
import { revocationUrls } from '../../protocol/signature/revocation-urls.ts';
import { stampRequest, tokenOf } from '../../protocol/signature/time-stamp-request.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { mutated, seeded } from '../fixtures/foreign/mutator.ts';
import {
  authorityExtensions,
  opensslWorkshop,
  personExtensions,
  stampExtensions,
} from '../fixtures/foreign/openssl.ts';
import { makeSigner, sha256 } from '../fixtures/signers.ts';

const workshop = opensslWorkshop();
const dated = { from: '20200101000000Z', to: '20400101000000Z' };
const root = workshop.issue('root', { ...dated, extensions: authorityExtensions });
const addresses =
  'crlDistributionPoints=URI:http://ca.example/a.crl\nauthorityInfoAccess=OCSP;URI:http://ca.example/o\n';
const person = workshop.issue('person', {
  ...dated,
  issuer: 'root',
  extensions: personExtensions + addresses,
});
workshop.issue('tsa', { ...dated, issuer: 'root', extensions: stampExtensions });
const answer = workshop.ocspAnswer('root', ocspRequest(readCertificate(person), readCertificate(root)));
const list = workshop.revocationList('root', { revoke: 'person' });
const reply = workshop.stampReply('tsa', stampRequest(sha256(person), Buffer.of(1, 2, 3)));

const authority = await createAuthority('Вымышленный удостоверяющий центр');
const signer = await makeSigner(authority, 'ecdsa-p256-sha256');
const applicant = await makeSigner(authority, 'ecdsa-p256-sha256', 'Заявителева Проба Тестовна');
const bytes = Buffer.from('%PDF выдуманный документ '.repeat(9));
const container = await buildPackage({
  documents: [
    {
      ...{
        name: '01-заявление.pdf',
        mediaType: 'application/pdf',
        bytes,
        signature: await signer.sign(bytes),
      },
      applicantSignature: await applicant.sign(bytes),
    },
  ],
  metadata: { caseNumber: 'К-1' },
  signManifest: signer.sign,
});
const { manifest, containerSignature } = readPackage(container);

/** Each reader takes what it was made for, and of anything else says in its own words that it is none. */
const readers: [string, Uint8Array, (bytes: Uint8Array) => unknown][] = [
  ['certificates', person, der => revocationUrls(readCertificate(der))],
  ['revocation lists', list, readRevocationList],
  ['OCSP answers', answer, readOcspAnswer],
  ['answers of stamping authorities', reply, tokenOf],
  ['signatures', containerSignature, readCms],
  ['manifests', manifest, xml => readManifest(xml, () => {})],
  ['packages', container, readPackage],
];
for (const [what, good, read] of readers)
  test(`2000 damaged ${what} are read or refused, never anything else`, () => {
    read(good);
    const random = seeded(20_261_122);
    for (let round = 0; round < 2000; round++)
      try {
        read(mutated(good, random));
      } catch (error) {
        const isOwn = error instanceof FormatError;
        const isMalformed = error instanceof AppError && error.code === 'package.malformed';
        assert.ok(isOwn || isMalformed, `round ${round}: ${String(error)}`);
      }
  });

/** The classes of bytes in a package, by the piece of it in which they lie. */
const classes: Record<string, { from: number; to: number }> = {};
const place = (name: string, piece: Uint8Array | string, from = 0) => {
  const found = Buffer.from(container).indexOf(Buffer.from(piece), from);
  assert.ok(found >= 0, name);
  classes[name] = { from: found, to: found + Buffer.from(piece).length };
};
place('a local header', Buffer.from('504b0304', 'hex'));
place('the media type', 'application/vnd.etsi.asic-e+zip');
place('a name', 'documents/01-заявление.pdf');
place('a document', bytes);
place("a clerk's signature", await entry('documents/01-заявление.pdf.sig'));
place("an applicant's signature", await entry('documents/01-заявление.pdf.applicant.sig'));
place('metadata', await entry('application.json'));
place('the manifest', manifest);
place("the box's signature", containerSignature);
place('the directory', Buffer.from('504b0102', 'hex'));
classes['the end'] = { from: container.length - 22, to: container.length };

async function entry(name: string): Promise<Uint8Array> {
  return (await readPackage(container).entries.get(name)?.bytes()) ?? assert.fail(name);
}

const anchors = [authority.certificateDer];
const judged = async (changed: Uint8Array) =>
  (await verifyPackage(changed, { documentAnchors: anchors, containerAnchors: anchors, at: new Date() }))
    .verdict;

test('no byte of any class of a package can change and leave it passed', async () => {
  assert.equal(await judged(container), 'passed');
  for (const [name, { from, to }] of Object.entries(classes)) {
    const step = Math.max(1, Math.floor((to - from) / 40));
    for (let at = from; at < to; at += step)
      for (const mask of [0x01, 0x20, 0x80, 0xff]) {
        const changed = Buffer.from(container);
        changed[at] = (changed[at] ?? 0) ^ mask;
        assert.notEqual(await judged(changed), 'passed', `${name}, byte ${at}, mask ${mask}`);
      }
  }
});
