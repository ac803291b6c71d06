import { createHash, randomBytes } from 'node:crypto';
import { publicKeyOf } from '../../../protocol/gost/signature.ts';
import { buildPackage, verifyPackage } from '../../../protocol/package/asice.ts';
import { gostSpki } from '../../../protocol/signature/gost-keys.ts';
import { certify, makeGostAuthority, makeGostKey, signAs } from '../../fixtures/gost-signers.ts';
import { tell } from './conversation.ts';

/** `sign-package DOCUMENTS BYTES`: a package whose documents are signed by GOST, from bytes to a passed check. */
const [count, sizeBytes] = process.argv.slice(2).map(Number);
const documents = Array.from({ length: count ?? 0 }, () => randomBytes(sizeBytes ?? 0));
const authority = makeGostAuthority('gost-2012-256', 'Вымышленный УЦ');
const key = makeGostKey('gost-2012-256');
const spki = gostSpki(publicKeyOf(key));
const party = {
  certificate: certify({ commonName: 'Проба', spki, issuer: authority }),
  key,
  algorithm: 'gost-2012-256',
} as const;

const begunMs = performance.now();
const entries = [];
for (const [index, bytes] of documents.entries())
  entries.push({
    name: `${index}.pdf`,
    mediaType: 'application/pdf',
    bytes,
    signature: await signAs(party, bytes),
  });
const signedMs = performance.now();
const built = await buildPackage({
  documents: entries,
  metadata: { digest: createHash('sha256').update('invented').digest('hex') },
  signManifest: bytes => signAs(party, bytes),
});
const builtMs = performance.now();
const anchors = [authority.certificate];
const { verdict } = await verifyPackage(built, {
  documentAnchors: anchors,
  containerAnchors: anchors,
  at: new Date(),
});
if (verdict !== 'passed') throw new Error(`the package is ${verdict}`);
tell({
  signMs: signedMs - begunMs,
  buildMs: builtMs - signedMs,
  verifyMs: performance.now() - builtMs,
  totalMs: performance.now() - begunMs,
  peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
});
