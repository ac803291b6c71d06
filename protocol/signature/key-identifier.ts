import { createHash } from 'node:crypto';
import type { X509 } from './certificate.ts';
import { readDer } from './der.ts';
import { bitBytesOf, Fields } from './der-fields.ts';

/** The bits of a certificate's public key without their wrapper: what digests that name a key are made of. */
export function keyBits(certificate: X509): Uint8Array {
  const spki = new Fields(readDer(certificate.spki));
  spki.take();
  return bitBytesOf(spki.take());
}

/** RFC 5280 section 4.2.1.2: how a key is named where its certificate has no extension for it. */
export function keyDigest(certificate: X509): Uint8Array {
  return createHash('sha1').update(keyBits(certificate)).digest();
}
