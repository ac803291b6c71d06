import { digestOf } from '../signature/digests.ts';
import {
  checkStampCount,
  type FoundArchiveStamp,
  type FoundStamp,
  type FoundStamps,
} from '../signature/stamp-chain.ts';
import type { CanonicalForm } from '../xml/canonical.ts';
import { canonicalForm } from '../xml/canonical.ts';
import {
  allBelow,
  attributeOf,
  childrenNamed,
  elementsOf,
  textOf,
  type XmlElement,
  XmlError,
} from '../xml/nodes.ts';
import { findCanonicalForm, standardForm } from './canonical-methods.ts';
import { namespaces } from './names.ts';
import type { QualifyingProperties } from './qualifying-properties.ts';
import { base64Of, octetsOfReference, type Reference, type ReferenceContext } from './references.ts';

/** Gives the octets that a stamp is about, or null when they cannot be known; parts of XML in the form given. */
type Octets = (form: CanonicalForm) => Promise<Uint8Array | null> | Uint8Array;

const overReferencesNames = new Set(['SigAndRefsTimeStamp', 'SigAndRefsTimeStampV2']);
/** What a stamp over signature and references is about besides the value (ETSI EN 319 132-1 clause A.1.5.1). */
const stampedReferences =
  /^(?:SignatureTimeStamp|Complete(?:Certificate|Revocation)Refs(?:V2)?|Attribute(?:Certificate|Revocation)Refs(?:V2)?)$/;

/** Every time stamp of a XAdES signature, not judged yet. @throws XmlError */
export function stampsOf(
  context: ReferenceContext,
  properties: QualifyingProperties | null,
  references: readonly Reference[],
): FoundStamps {
  if (!properties) return { over: [], before: [], overReferences: [], archive: [] };
  const { unsigned, signedProperties } = properties;
  checkStampCount(tokenTexts([...unsigned, signedProperties ?? []].flat()).size);
  checkStampCount(unsigned.filter(({ name }) => /TimeStamp/.test(name)).length);
  const value = childrenNamed(context.signature, namespaces.signature, 'SignatureValue');
  const over = unsigned
    .filter(({ name }) => name === 'SignatureTimeStamp')
    .flatMap(property => tokensOf(property, form => written(value, form)));
  const overReferences = unsigned
    .filter(({ name }) => overReferencesNames.has(name))
    .flatMap(property => {
      const named = unsigned.filter(({ name }) => stampedReferences.test(name));
      const protectedTokens = tokenTexts(named);
      return tokensOf(property, form => written([...value, ...named], form)).map(found => ({
        ...found,
        protects: (token: Uint8Array) => protectedTokens.has(textOfToken(token)),
        protectsRevocation: false,
      }));
    });
  const before = (signedProperties ? [...allBelow(signedProperties)] : []).flatMap(property => {
    const stamped = stampedObjects(property, properties, references);
    return stamped ? tokensOf(property, form => octetsOf(stamped, context, form)) : [];
  });
  return { over, before, overReferences, archive: archiveStampsOf(context, properties, references) };
}

/** The references of which a stamp over data objects is about; null for other properties (clause 5.2.8). */
function stampedObjects(
  property: XmlElement,
  { signedProperties }: QualifyingProperties,
  references: readonly Reference[],
): readonly Reference[] | null {
  if (property.name === 'AllDataObjectsTimeStamp') {
    const own = signedProperties && `#${attributeOf(signedProperties, 'Id') ?? ''}`;
    return references.filter(({ uri }) => uri !== own);
  }
  if (property.name !== 'IndividualDataObjectsTimeStamp') return null;
  const named = childrenNamed(property, property.namespace, 'Include').map(each => attributeOf(each, 'URI'));
  return references.filter(({ id }) => id !== null && named.includes(`#${id}`));
}

/**
 * Archive stamps (clause 5.5.2, and the older form of TS 101 903): over all that is signed, the signature, and what
 * lay beside it before the stamp.
 */
function archiveStampsOf(
  context: ReferenceContext,
  { unsigned, signedProperties }: QualifyingProperties,
  references: readonly Reference[],
): FoundArchiveStamp[] {
  const { signature } = context;
  const named = (name: string) => childrenNamed(signature, namespaces.signature, name);
  const objects = named('Object').filter(object =>
    elementsOf(object).every(({ name }) => name !== 'QualifyingProperties'),
  );
  return unsigned.flatMap((property, place) => {
    if (property.name !== 'ArchiveTimeStamp') return [];
    const earlier = unsigned.slice(0, place);
    const elements = [...named('SignedInfo'), ...named('SignatureValue'), ...named('KeyInfo')];
    const octets: Octets = async form => {
      const data = await octetsOf(references, context, form);
      return data && Buffer.concat([data, written([...elements, ...earlier, ...objects], form)]);
    };
    const protectedTokens = tokenTexts([...earlier, signedProperties ?? []].flat());
    return tokensOf(property, octets).map(found => ({
      ...found,
      protects: token => protectedTokens.has(textOfToken(token)),
      protectsRevocation: unsigned.slice(place).every(each => !holdsRevocation(each)),
    }));
  });
}

/** Every token in some properties. */
function tokenTexts(properties: readonly XmlElement[]): Set<string> {
  const tokens = properties
    .flatMap(each => [...allBelow(each)])
    .filter(({ name }) => name === 'EncapsulatedTimeStamp');
  return new Set(tokens.map(each => textOfToken(base64Of(textOf(each)))));
}

function textOfToken(token: Uint8Array): string {
  return Buffer.from(token).toString('hex');
}

function holdsRevocation(property: XmlElement): boolean {
  return [...allBelow(property)].some(({ name }) => name === 'EncapsulatedOCSPValue');
}

/** The tokens of a stamp's property; it may hold several of the same. */
function tokensOf(property: XmlElement, octets: Octets): FoundStamp[] {
  const [method] = childrenNamed(property, namespaces.signature, 'CanonicalizationMethod');
  const form = method ? findCanonicalForm(method) : standardForm;
  const tokens = elementsOf(property).filter(({ name }) => name === 'EncapsulatedTimeStamp');
  if (!form || tokens.length === 0) throw new XmlError('damaged time stamp');
  const digest = async (oid: string) => {
    const bytes = await octets(form);
    return bytes && digestOf(oid, bytes);
  };
  return tokens.map(token => ({ token: base64Of(textOf(token)), stamped: { digest } }));
}

async function octetsOf(
  references: readonly Reference[],
  context: ReferenceContext,
  form: CanonicalForm,
): Promise<Uint8Array | null> {
  const parts = await Promise.all(references.map(each => octetsOfReference(each, context, form)));
  return parts.length === 0 || parts.includes(null)
    ? null
    : Buffer.concat(parts.filter(part => part !== null));
}

function written(elements: readonly XmlElement[], form: CanonicalForm): Uint8Array {
  return Buffer.concat(elements.map(element => canonicalForm(element, form)));
}
