import { childrenOf, type DerValue, tags } from './der.ts';
import { expectTag, Fields, oidOf } from './der-fields.ts';

/** Short names of X.520 and of order 795 on qualified certificates (ИНН, ОГРН, СНИЛС). */
const attributeNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'T',
  '2.5.4.42': 'G',
  '1.2.840.113549.1.9.1': 'E',
  '1.2.643.100.1': 'OGRN',
  '1.2.643.100.3': 'SNILS',
  '1.2.643.100.4': 'INNLE',
  '1.2.643.3.131.1.1': 'INN',
};

/** Decoders of the string types that names use (RFC 5280 section 4.1.2.4). */
const decoders: Readonly<Record<number, string>> = {
  [tags.utf8String]: 'utf-8',
  18: 'latin1', // NumericString
  19: 'latin1', // PrintableString
  20: 'latin1', // TeletexString
  22: 'latin1', // IA5String
  30: 'utf-16be', // BMPString
};

export interface DistinguishedName {
  /** Attributes in the order of the certificate: `C=RU, O=…, T=…, CN=…`. */
  text: string;
  /**
   * The same for names that mean the same: case, blanks and the kind of string do not count (RFC 5280
   * section 7.1). Two programs may write one authority's name in two kinds of string.
   */
  key: string;
  /** The same part by part, from the country down: what a name constraint is compared with. */
  parts: readonly string[];
  /** First value of an attribute by its short name. */
  find(name: string): string | null;
}

export function readName(value: DerValue): DistinguishedName {
  const parts = childrenOf(expectTag(value, tags.sequence)).map(set =>
    childrenOf(expectTag(set, tags.set)).map(readAttribute),
  );
  const attributes = parts.flat();
  const keys = parts.map(part => JSON.stringify(part.map(({ oid, text }) => [oid, folded(text)]).sort()));
  return {
    key: keys.join(),
    parts: keys,
    text: attributes.map(({ name, text }) => `${name}=${text}`).join(', '),
    find: name => attributes.find(attribute => attribute.name === name)?.text ?? null,
  };
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim().replace(/\s+/gu, ' ');
}

function readAttribute(value: DerValue): { oid: string; name: string; text: string } {
  const fields = new Fields(value);
  const oid = oidOf(fields.take());
  const text = textOf(fields.take());
  fields.end();
  return { oid, name: attributeNames[oid] ?? oid, text };
}

function textOf(value: DerValue): string {
  const encoding = decoders[value.tag];
  if (!encoding) return `#${Buffer.from(value.encoded).toString('hex')}`;
  // A letter that cannot be read must not make a signature unreadable: what counts is the bytes.
  return new TextDecoder(encoding).decode(value.content);
}
