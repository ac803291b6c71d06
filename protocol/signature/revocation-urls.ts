import type { X509 } from './certificate.ts';
import { childrenOf, type DerValue, FormatError, readDer } from './der.ts';
import { Fields, oidOf } from './der-fields.ts';
import { oids } from './oids.ts';

/** Where a certificate says that its revocation can be looked up (RFC 5280 sections 4.2.1.13 and 4.2.2.1). */
export interface RevocationUrls {
  lists: string[];
  responders: string[];
}

const uriTag = 0x86;

/** Addresses by HTTP only; extensions that nobody can read name none. */
export function revocationUrls({ extensions }: X509): RevocationUrls {
  const read = (oid: string, from: (value: DerValue) => DerValue[]) => {
    const content = extensions.get(oid);
    if (!content) return [];
    try {
      return from(readDer(content)).flatMap(httpAddress);
    } catch (error) {
      if (error instanceof FormatError) return [];
      throw error;
    }
  };
  return {
    lists: read(oids.crlDistributionPoints, value => childrenOf(value).flatMap(namesOfPoint)),
    responders: read(oids.authorityInfoAccess, value => childrenOf(value).flatMap(responderOf)),
  };
}

function namesOfPoint(point: DerValue): DerValue[] {
  const name = new Fields(point).takeIf(0xa0);
  const full = name && childrenOf(name).find(({ tag }) => tag === 0xa0);
  return full ? childrenOf(full) : [];
}

function responderOf(description: DerValue): DerValue[] {
  const fields = new Fields(description);
  return oidOf(fields.take()) === oids.ocsp ? [fields.take()] : [];
}

function httpAddress({ tag, content }: DerValue): string[] {
  const text = Buffer.from(content).toString('latin1');
  return tag === uriTag && URL.canParse(text) && /^https?:/i.test(text) ? [text] : [];
}
