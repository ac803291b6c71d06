import { findCurve } from '../gost/curves.ts';
import { fromBigEndian, fromLittleEndian, toLittleEndian } from '../gost/numbers.ts';
import { isOnCurve } from '../gost/points.ts';
import type { GostPrivateKey, GostPublicKey } from '../gost/signature.ts';
import { FormatError, readDer, tags } from './der.ts';
import { bitBytesOf, expectTag, Fields, oidOf, smallIntegerOf, unsignedOf } from './der-fields.ts';
import { der, objectIdentifier, octetString, sequence } from './der-writer.ts';

/** What names a key of GOST R 34.10-2012 and the digest that goes with it (RFC 9215 sections 3 and 4). */
export const gostOids = {
  256: { key: '1.2.643.7.1.1.1.1', digest: '1.2.643.7.1.1.2.2', signature: '1.2.643.7.1.1.3.2' },
  512: { key: '1.2.643.7.1.1.1.2', digest: '1.2.643.7.1.1.2.3', signature: '1.2.643.7.1.1.3.3' },
} as const;

/** GOST R 34.10-2001 with GOST R 34.11-94 (RFC 4490, RFC 4491): keys, digest, and both together. */
export const oldGostOids = {
  key: '1.2.643.2.2.19',
  digest: '1.2.643.2.2.9',
  signature: '1.2.643.2.2.3',
} as const;

/** id-GostR3411-94-CryptoProParamSet (RFC 4357). */
const oldDigestParameters = '1.2.643.2.2.30.1';

/**
 * A public key from SubjectPublicKeyInfo in DER (RFC 9215 section 4.3, RFC 4491 section 2.3.2): two coordinates, little-endian, in an
 * OCTET STRING inside the BIT STRING. Undefined for another kind of key, or when the point is not on its curve.
 */
export function findGostKey(spki: Uint8Array, standard: 2001 | 2012 = 2012): GostPublicKey | undefined {
  try {
    const fields = new Fields(readDer(spki));
    const curve = curveOf(new Fields(fields.take(tags.sequence)), standard);
    const point = expectTag(readDer(bitBytesOf(fields.take())), tags.octetString).content;
    fields.end();
    if (point.length !== curve.sizeBytes * 2) return undefined;
    const x = fromLittleEndian(point.subarray(0, curve.sizeBytes));
    const y = fromLittleEndian(point.subarray(curve.sizeBytes));
    return isOnCurve(curve, x, y) ? { curve, x, y } : undefined;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

export function gostSpki({ curve, x, y }: GostPublicKey): Uint8Array {
  const oids = gostOids[curve.sizeBytes === 32 ? 256 : 512];
  const [curveOid = ''] = curve.oids;
  const coordinates = [toLittleEndian(x, curve.sizeBytes), toLittleEndian(y, curve.sizeBytes)];
  return sequence(
    sequence(objectIdentifier(oids.key), sequence(objectIdentifier(curveOid), objectIdentifier(oids.digest))),
    der(tags.bitString, Uint8Array.of(0), octetString(Buffer.concat(coordinates))),
  );
}

/**
 * A private key from PKCS #8 in DER, in any of the forms that programs write: little-endian as it is, the
 * same in an OCTET STRING, or an INTEGER. @throws FormatError
 */
export function readGostPrivateKey(pkcs8: Uint8Array): GostPrivateKey {
  const fields = new Fields(readDer(pkcs8));
  if (smallIntegerOf(fields.take()) > 1) throw new FormatError('unknown version of private key');
  const curve = curveOf(new Fields(fields.take(tags.sequence)));
  const d = privateNumber(fields.take(tags.octetString).content, curve.sizeBytes);
  if (d === 0n || d >= curve.q) throw new FormatError('not a private key of its curve');
  return { curve, d };
}

function privateNumber(bytes: Uint8Array, sizeBytes: number): bigint {
  if (bytes.length === sizeBytes) return fromLittleEndian(bytes);
  const value = readDer(bytes);
  if (value.tag === tags.integer) return fromBigEndian(unsignedOf(value));
  return fromLittleEndian(expectTag(value, tags.octetString).content);
}

/** The curve that an AlgorithmIdentifier names; its digest, when it is named, must be the one of that length. */
function curveOf(algorithm: Fields, standard: 2001 | 2012 = 2012) {
  const keyOid = oidOf(algorithm.take());
  // The standard of 2001 is that of 2012 with 256 bits and another digest.
  const old = keyOid === oldGostOids.key ? gostOids[256] : undefined;
  const oids = standard === 2001 ? old : Object.values(gostOids).find(({ key }) => key === keyOid);
  if (!oids) throw new FormatError('not a key of this standard');
  const parameters = new Fields(algorithm.take(tags.sequence));
  algorithm.end();
  const curve = findCurve(oidOf(parameters.take()));
  const digest = parameters.takeIf(tags.oid);
  parameters.takeIf(tags.oid); // Parameters of a cipher, which old keys carry.
  parameters.end();
  if (!curve || (curve.sizeBytes === 32) !== (oids === gostOids[256])) throw new FormatError('unknown curve');
  // Bouncy Castle names the parameters of the old digest beside curves of CryptoPro; nothing depends on it.
  if (digest && ![oids.digest, oldDigestParameters].includes(oidOf(digest)))
    throw new FormatError('a digest of another length');
  return curve;
}
