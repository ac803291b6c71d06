import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { openBlobStore } from '../../../platform/blob-store.ts';
import { publicKeyOf } from '../../../protocol/gost/signature.ts';
import { verifyPackage, writePackage } from '../../../protocol/package/asice.ts';
import { piecesIn } from '../../../protocol/package/byte-source.ts';
import { buildCades, type SignatureAlgorithm, signWithKey } from '../../../protocol/signature/cades.ts';
import { gostSpki } from '../../../protocol/signature/gost-keys.ts';
import { type SoftwareKey, signatureProfiles } from '../../../protocol/signature/profiles.ts';
import { certify, makeGostAuthority, makeGostKey } from '../../fixtures/gost-signers.ts';
import { tell } from './conversation.ts';

/**
 * `sign-package DOCUMENTS BYTES FOLDER [gost]`: documents on the disk, signed, packed and judged as a box and a
 * centre do it, from blob to blob. Tells the times and the most memory that the process ever had.
 */
const [count = '1', sizeBytes = '1', folder = '.', kind] = process.argv.slice(2);
const party = kind === 'gost' ? gostParty() : plainParty();
const profile = signatureProfiles[party.algorithm];
const blobs = await openBlobStore(folder);
const made = [];
const piece = randomBytes(1 << 20);
for (let index = 0; index < Number(count); index++) {
  const { sha256 } = await blobs.write('application/pdf', async write => {
    piece.writeUInt32LE(index);
    for (let left = Number(sizeBytes); left > 0; left -= piece.length)
      await write(piece.subarray(0, Math.min(left, piece.length)));
  });
  made.push(sha256);
}

const begunMs = performance.now();
const documents = [];
for (const [index, sha256] of made.entries()) {
  const digest = profile.createDigest();
  const bytes = await blobs.open(sha256);
  for (const piece of piecesIn(bytes)) digest.update(piece);
  documents.push({
    ...{ name: `${index}.pdf`, mediaType: 'application/pdf', bytes },
    signature: await sign(digest.digest()),
  });
}
const signedMs = performance.now();
const input = {
  documents,
  metadata: { about: 'invented' },
  signManifest: (manifest: Uint8Array) => sign(profile.digest(manifest)),
};
const blob = await blobs.write('application/vnd.etsi.asic-e+zip', write => writePackage(input, write));
const builtMs = performance.now();
const anchors = { documentAnchors: [party.anchor], containerAnchors: [party.anchor] };
const { verdict } = await verifyPackage(await blobs.open(blob.sha256), { ...anchors, at: new Date() });
const verifiedMs = performance.now();
if (verdict !== 'passed') throw new Error(`the package is ${verdict}`);
tell({
  packageBytes: blob.sizeBytes,
  signMs: signedMs - begunMs,
  buildMs: builtMs - signedMs,
  verifyMs: verifiedMs - builtMs,
  totalMs: verifiedMs - begunMs,
  peakMemoryBytes: peakMemoryBytes(),
});

function sign(contentDigest: Uint8Array): Promise<Uint8Array> {
  const { certificate, algorithm, key } = party;
  const signer = { certificate, algorithm, sign: signWithKey(key, algorithm) };
  return buildCades({ ...signer, contentDigest, signingTime: new Date() });
}

interface Signatory {
  anchor: Uint8Array;
  certificate: Uint8Array;
  key: SoftwareKey;
  algorithm: SignatureAlgorithm;
}

function plainParty(): Signatory {
  const algorithm = 'ecdsa-p256-sha256';
  const [issuer, own] = [0, 1].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  if (!issuer || !own) throw new Error('no keys');
  const by = { name: 'Вымышленный УЦ', key: issuer.privateKey, algorithm } as const;
  const spkiOf = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });
  const certified = (commonName: string, key: KeyObject, isAuthority: boolean) =>
    certify({ commonName, spki: spkiOf(key), issuer: by, isAuthority });
  const anchor = certified(by.name, issuer.publicKey, true);
  return { anchor, certificate: certified('Проба', own.publicKey, false), key: own.privateKey, algorithm };
}

function gostParty(): Signatory {
  const algorithm = 'gost-2012-256';
  const issuer = makeGostAuthority(algorithm, 'Вымышленный УЦ');
  const key = makeGostKey(algorithm);
  const certificate = certify({ commonName: 'Проба', spki: gostSpki(publicKeyOf(key)), issuer });
  return { anchor: issuer.certificate, certificate, key, algorithm };
}

/** VmHWM of proc(5): resident memory at its highest, threads and mapped libraries included. */
function peakMemoryBytes(): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
