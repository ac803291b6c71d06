import { readCertificate, type X509 } from './certificate.ts';
import type { Attribute, Cms } from './cms.ts';
import { childrenOf, type DerValue, tags } from './der.ts';
import { oids } from './oids.ts';
import type { RevocationData } from './revocation.ts';
import { revocationIn, revocationValues, together } from './revocation-values.ts';
import { readable } from './trust.ts';

/** Certificates, lists and answers that travel with a signature. Nobody vouches for them. */
export interface KnownBeside {
  certificates: readonly X509[];
  revocation: RevocationData;
}

/** The values of one unsigned attribute. */
export function valuesOf(attributes: readonly Attribute[], oid: string): DerValue[] {
  return attributes.filter(each => each.oid === oid).flatMap(({ values }) => values);
}

/** What lies in a message, and in the unsigned attributes of one of its signers (certificate-values, revocation-values). @throws FormatError */
export function besideOf(cms: Cms, unsigned: readonly Attribute[]): KnownBeside & { enclosed: X509[] } {
  const enclosed = readable(cms.certificates, readCertificate);
  const certificates = valuesOf(unsigned, oids.certificateValues)
    .flatMap(childrenOf)
    .filter(({ tag }) => tag === tags.sequence)
    .map(({ encoded }) => encoded);
  return {
    enclosed,
    certificates: [...enclosed, ...readable(certificates, readCertificate)],
    revocation: valuesOf(unsigned, oids.revocationValues)
      .map(revocationValues)
      .reduce(together, revocationIn(cms)),
  };
}
