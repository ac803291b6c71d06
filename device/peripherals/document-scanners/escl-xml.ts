import { AppError } from '../../../protocol/app-error.ts';
import { allBelow, childrenNamed, textOf, type XmlElement, XmlError } from '../../../protocol/xml/nodes.ts';
import { parseXml } from '../../../protocol/xml/parse.ts';

export const esclNamespace = 'http://schemas.hp.com/imaging/escl/2011/05/03';
export const pwgNamespace = 'http://www.pwg.org/schemas/2010/12/sm';

/** The root of an answer. Throws `scanner.fault` for what is not the XML that was asked for. */
export function readAnswer(bytes: Uint8Array, rootName: string): XmlElement {
  try {
    const { root } = parseXml(bytes);
    if (root.name === rootName && root.namespace === esclNamespace) return root;
    throw new XmlError(`<${root.name}> instead of <${rootName}>`);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw new AppError('scanner.fault', { at: rootName, why: error.message }, { cause: error });
  }
}

/** Child elements by their local name: devices disagree on which of the two namespaces some belong to. */
export function childrenCalled(element: XmlElement, name: string): XmlElement[] {
  return [esclNamespace, pwgNamespace].flatMap(namespace => childrenNamed(element, namespace, name));
}

/** Text of the first child of that name, trimmed. */
export function childText(element: XmlElement, name: string): string | undefined {
  const [child] = childrenCalled(element, name);
  return child && textOf(child).trim();
}

/** Texts of all elements of that name below, in their order. */
export function textsBelow(element: XmlElement, name: string): string[] {
  return [...allBelow(element)].filter(each => each.name === name).map(each => textOf(each).trim());
}
