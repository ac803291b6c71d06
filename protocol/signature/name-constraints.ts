import { childrenOf, type DerValue } from './der.ts';
import { Fields, onlyChild } from './der-fields.ts';
import { type DistinguishedName, readName } from './distinguished-name.ts';

/** Names that an authority may or may not certify (RFC 5280 section 4.2.1.10), as GeneralName values. */
export interface NameConstraints {
  permitted: DerValue[];
  excluded: DerValue[];
}

const mailTag = 0x81;
const hostTag = 0x82;
const directoryTag = 0xa4;

/** @throws FormatError */
export function readNameConstraints(value: DerValue): NameConstraints {
  const fields = new Fields(value);
  const permitted = fields.takeIf(0xa0);
  const excluded = fields.takeIf(0xa1);
  fields.end();
  return { permitted: basesOf(permitted), excluded: basesOf(excluded) };
}

function basesOf(subtrees: DerValue | undefined): DerValue[] {
  return subtrees ? childrenOf(subtrees).map(subtree => new Fields(subtree).take()) : [];
}

/** Whether a certificate's names keep to the constraints. A form of constraint unknown here keeps nobody in. */
export function keepsTo(
  constraints: NameConstraints,
  names: { subject: DistinguishedName; alternativeNames: DerValue[] },
): boolean {
  const all: { tag: number; is: (base: DerValue) => boolean }[] = names.alternativeNames.map(name => ({
    tag: name.tag,
    is: base => isWithin(name, base),
  }));
  if (names.subject.parts.length > 0)
    all.push({ tag: directoryTag, is: base => isBelow(names.subject, readName(onlyChild(base))) });
  return all.every(({ tag, is }) => {
    const permitted = constraints.permitted.filter(base => base.tag === tag);
    const excluded = constraints.excluded.filter(base => base.tag === tag);
    if (permitted.length + excluded.length > 0 && ![mailTag, hostTag, directoryTag].includes(tag))
      return false;
    return (permitted.length === 0 || permitted.some(is)) && !excluded.some(is);
  });
}

function isWithin(name: DerValue, base: DerValue): boolean {
  if (name.tag === directoryTag) return isBelow(readName(onlyChild(name)), readName(onlyChild(base)));
  const text = Buffer.from(name.content).toString('latin1').toLowerCase();
  const limit = Buffer.from(base.content).toString('latin1').toLowerCase();
  if (name.tag === hostTag) return limit === '' || text === limit || text.endsWith(`.${limit}`);
  if (limit.includes('@')) return text === limit;
  const host = text.slice(text.lastIndexOf('@') + 1);
  return limit.startsWith('.') ? host.endsWith(limit) : host === limit;
}

function isBelow(name: DistinguishedName, base: DistinguishedName): boolean {
  return base.parts.every((part, index) => part === name.parts[index]);
}
