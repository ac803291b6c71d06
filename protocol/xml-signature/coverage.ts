import { elementsOf, type XmlAttribute, type XmlElement, type XmlNode } from '../xml/nodes.ts';
import { namespaces } from './names.ts';
import type { Part } from './parts.ts';

/** More places than a person reads; the last one is then `…`. */
const mostPlaces = 20;

/**
 * Where in the document what a filter left stands, as XPath; null when it took nothing away but signatures. Empty when
 * nothing is left.
 */
export function placesLeft(before: Part, after: Part): string[] | null {
  const places: string[] = [];
  const isComplete = look(before.apex, pathOf(before.apex), before, after, places);
  if (isComplete) return null;
  return places.length > mostPlaces ? [...places.slice(0, mostPlaces), '…'] : places;
}

/** Whether all of an element is left; where it is not, adds the places that are. */
function look(element: XmlElement, path: string, before: Part, after: Part, places: string[]): boolean {
  const wasThere = (node: XmlNode | XmlAttribute) => !before.selection || before.selection.nodes.has(node);
  const isLeft = (node: XmlNode | XmlAttribute) => !after.selection || after.selection.nodes.has(node);
  const inside: string[] = [];
  let isComplete = !wasThere(element) || isLeft(element);
  for (const attribute of element.attributes.filter(wasThere)) {
    if (isLeft(attribute)) inside.push(`${path}/@${attribute.name}`);
    else isComplete = false;
  }
  const counts = new Map<string, number>();
  for (const child of element.children) {
    if (child.kind === 'element') {
      const name = nameOf(child);
      const place = (counts.get(name) ?? 0) + 1;
      counts.set(name, place);
      if (before.omitted(child) || isSignature(child)) continue;
      const own: string[] = [];
      const isWhole = look(child, `${path}/${name}[${place}]`, before, after, own);
      if (isWhole) inside.push(`${path}/${name}[${place}]`);
      else {
        inside.push(...own);
        isComplete = false;
      }
    } else if (
      child.kind !== 'comment' &&
      wasThere(child) &&
      !(child.kind === 'text' && child.text.trim() === '')
    ) {
      if (isLeft(child)) inside.push(`${path}/text()`);
      else isComplete = false;
    }
  }
  if (!isComplete) places.push(...new Set(inside));
  return isComplete;
}

function isSignature({ namespace, name }: XmlElement): boolean {
  return namespace === namespaces.signature && name === 'Signature';
}

function pathOf(element: XmlElement): string {
  const name = nameOf(element);
  if (!element.parent) return `/${name}[1]`;
  const same = elementsOf(element.parent).filter(each => nameOf(each) === name);
  return `${pathOf(element.parent)}/${name}[${same.indexOf(element) + 1}]`;
}

function nameOf({ prefix, name }: XmlElement): string {
  return prefix === '' ? name : `${prefix}:${name}`;
}
