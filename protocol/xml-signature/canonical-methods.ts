import type { CanonicalForm } from '../xml/canonical.ts';
import { attributeOf, childrenNamed, type XmlElement } from '../xml/nodes.ts';
import { namespaces } from './names.ts';

const inclusive10 = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const inclusive11 = 'http://www.w3.org/2006/12/xml-c14n11';
const exclusive = namespaces.exclusive;

const methods: Readonly<Record<string, CanonicalForm>> = {
  [inclusive10]: { exclusive: false, comments: false },
  [`${inclusive10}#WithComments`]: { exclusive: false, comments: true },
  [inclusive11]: { exclusive: false, comments: false, version: '1.1' },
  [`${inclusive11}#WithComments`]: { exclusive: false, comments: true, version: '1.1' },
  [exclusive]: { exclusive: true, comments: false },
  [`${exclusive}WithComments`]: { exclusive: true, comments: true },
};

/** What octets are made with where nothing else is said (XMLDSig 1.1 section 4.4.3.2). */
export const standardForm: CanonicalForm = { exclusive: false, comments: false };

/** The canonical form that a CanonicalizationMethod or a Transform names; null when it names another thing. */
export function findCanonicalForm(element: XmlElement): CanonicalForm | null {
  const form = methods[attributeOf(element, 'Algorithm') ?? ''];
  if (!form) return null;
  const [list] = childrenNamed(element, namespaces.exclusive, 'InclusiveNamespaces');
  const prefixes = (list && attributeOf(list, 'PrefixList')) ?? '';
  const inclusivePrefixes = prefixes
    .split(/\s+/)
    .filter(prefix => prefix !== '')
    .map(prefix => (prefix === '#default' ? '' : prefix));
  return { ...form, inclusivePrefixes };
}
