/**
 * Until when algorithms were held fit for signatures; later they prove only what is proved to be older. Null is still
 * good. By ETSI TS 119 312 and, where it never listed one or gives no day, by those named beside each row. Only terms
 * that are over stand here: what is good is not made worse by a program that grows old. ADR 58 says how sure the days are.
 */
export type Term = Date | null;

const end = (day: string): Date => new Date(`${day}T23:59:59.999Z`);

/** Proves nothing at any time, such as a key that everybody knows. */
export const never = new Date(0);

/** Hash functions by the names that Node gives them. */
const hashTerms: Readonly<Record<string, Date>> = {
  /** Collisions shown in August 2004. */
  md5: end('2004-07-31'),
  /** TS 102 176-1 V2.1.1. */
  sha1: end('2012-07-31'),
  /** With GOST R 34.10-2001: letters of the ministry and of the ФСБ let nobody sign by it after 2019. */
  gost94: end('2019-12-31'),
  /** SOG-IS Agreed Cryptographic Mechanisms 1.3, legacy until then. */
  sha224: end('2025-12-31'),
};

export function termOfHash(name: string): Term {
  return hashTerms[name] ?? null;
}

interface SizeRow {
  /** Keys below so many bits. */
  belowBits: number;
  until: Date;
}

/** From the smallest up. NIST SP 800-131A rev. 2 for 80 bits of strength, SOG-IS for 112; FIPS 186-5 for the end of DSA. */
const sizeTerms: Readonly<Record<'rsa' | 'dsa' | 'ecdsa', readonly SizeRow[]>> = {
  rsa: [
    { belowBits: 1024, until: end('2010-12-31') },
    { belowBits: 2048, until: end('2013-12-31') },
  ],
  dsa: [
    { belowBits: 1024, until: end('2010-12-31') },
    { belowBits: 2048, until: end('2013-12-31') },
    { belowBits: Number.POSITIVE_INFINITY, until: end('2024-02-03') },
  ],
  ecdsa: [
    { belowBits: 224, until: end('2013-12-31') },
    { belowBits: 256, until: end('2025-12-31') },
  ],
};

/** `bits` of the modulus, or of the curve; a key whose size nobody knows proves nothing. */
export function termOfKey(family: 'rsa' | 'dsa' | 'ecdsa', bits: number | undefined): Term {
  if (bits === undefined) return never;
  return sizeTerms[family].find(({ belowBits }) => bits < belowBits)?.until ?? null;
}

/** The term of what rests on all of them. */
export function earliestTerm(...terms: readonly (Term | undefined)[]): Term {
  const ends = terms.flatMap(term => (term ? [term.getTime()] : []));
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}

export function isGoodAt(term: Term, at: Date): boolean {
  return term === null || at <= term;
}
