import { ObjectIdentifier, PrintableString, Sequence, Set as SetOf, Utf8String } from 'asn1js';
import { RelativeDistinguishedNames } from 'pkijs';

export interface SubjectNames {
  commonName: string;
  organisation?: string;
  title?: string;
}

/**
 * The name of a certificate's owner: C=RU, O, title, CN, in this order, each in a set of its own.
 * UTF8String as RFC 5280 section 4.1.2.4 wants it, except the country, which is a PrintableString.
 *
 * Encoded here and read back, because PKI.js would put all attributes into one set ("C=RU+CN=…"); what
 * it has read it writes again byte by byte.
 */
export function distinguishedName(names: SubjectNames): RelativeDistinguishedNames {
  const sets = [relative('2.5.4.6', new PrintableString({ value: 'RU' }))];
  const add = (type: string, value: string | undefined) => {
    if (value) sets.push(relative(type, new Utf8String({ value })));
  };
  add('2.5.4.10', names.organisation);
  add('2.5.4.12', names.title);
  add('2.5.4.3', names.commonName);
  return RelativeDistinguishedNames.fromBER(new Sequence({ value: sets }).toBER());
}

function relative(type: string, value: PrintableString | Utf8String): SetOf {
  return new SetOf({ value: [new Sequence({ value: [new ObjectIdentifier({ value: type }), value] })] });
}
