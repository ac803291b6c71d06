import { findVerifier } from '../signature/algorithms.ts';
import { readCertificate, type X509 } from '../signature/certificate.ts';
import { FormatError } from '../signature/der.ts';
import { findHash } from '../signature/digests.ts';
import { oids } from '../signature/oids.ts';
import { readStamp } from '../signature/stamp-info.ts';
import { readable } from '../signature/trust.ts';

/** What has to be known of a stamp to renew it in time. */
export interface StampFacts {
  /** The time that it states. */
  at: Date;
  /** Common name of the authority's certificate. */
  authority: string;
  /** When the first certificate between the stamp and its anchor runs out. */
  goodUntil: Date;
  /** Name of the digest under which the stamped bytes are named, such as `sha256`. */
  imprint: string;
  /** How the authority signed, such as `rsa-pkcs1-sha256`. */
  algorithm: string;
}

/** Reads these facts out of a token that was judged before. @throws FormatError */
export function stampFacts(token: Uint8Array): StampFacts {
  const {
    cms,
    signer,
    info: { at, hashOid },
  } = readStamp(token);
  const certificates = readable(cms.certificates, readCertificate);
  const own = certificates.find(each => each.extendedKeyUsage?.purposes.has(oids.timeStamping));
  if (!own) throw new FormatError('a time stamp without its certificate');
  const ends = pathUp(own, certificates).map(({ notAfter }) => notAfter.getTime());
  return {
    at,
    authority: own.subject.find('CN') ?? own.subject.text,
    goodUntil: new Date(Math.min(...ends)),
    imprint: findHash(hashOid)?.name ?? hashOid,
    algorithm: findVerifier(signer.signatureAlgorithm, signer.digestOid, own.spki)?.name ?? 'unknown',
  };
}

/** The signer and those above it; a root is trusted as it is, whenever it ends (RFC 5280 section 6.1). */
function pathUp(own: X509, others: X509[]): X509[] {
  const path = [own];
  for (;;) {
    const last = path.at(-1);
    const above = others.find(each => each.subject.key === last?.issuer.key && !path.includes(each));
    if (!above || above.subject.key === above.issuer.key) return path;
    path.push(above);
  }
}
