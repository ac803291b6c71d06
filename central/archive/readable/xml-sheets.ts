import { width } from '../../../platform/paper/rows.ts';
import { finished, ink, margins, newSheets, quiet } from '../../../platform/paper/sheet.ts';
import { textOf, type XmlElement } from '../../../protocol/xml/nodes.ts';
import { parseXml } from '../../../protocol/xml/parse.ts';

/** A line of an XML document as people read it. */
export interface ReadLine {
  depth: number;
  name: string;
  /** Null for what only holds others. */
  value: string | null;
}

const mostLines = 5000;
const mostCharacters = 2000;
const deepest = 12;

/** Elements and attributes as names with values, in the order of the document. Throws `XmlError`. */
export function readableLines(bytes: Uint8Array): { lines: ReadLine[]; isCut: boolean } {
  const lines: ReadLine[] = [];
  const waiting: { element: XmlElement; depth: number }[] = [{ element: parseXml(bytes).root, depth: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (lines.length >= mostLines) return { lines, isCut: true };
    const { element, depth } = next;
    const children = element.children.filter(child => child.kind === 'element');
    const text = textOf(element).trim();
    lines.push({ depth, name: element.name, value: text === '' && children.length > 0 ? null : cut(text) });
    for (const { name, value } of element.attributes)
      lines.push({ depth: depth + 1, name: `@${name}`, value: cut(value) });
    for (const child of children.reverse()) waiting.push({ element: child, depth: depth + 1 });
  }
  return { lines, isCut: false };
}

const cut = (text: string) => {
  const plain = text.replace(/\s+/g, ' ');
  return plain.length > mostCharacters ? `${plain.slice(0, mostCharacters)}…` : plain;
};

/** An XML document on sheets, PDF/A-2b. Throws `XmlError`. */
export async function xmlSheets(
  document: { name: string; bytes: Uint8Array },
  at: Date,
): Promise<{ pdf: Uint8Array; pages: number }> {
  const { lines, isCut } = readableLines(document.bytes);
  const sheet = newSheets(document.name, at, { subset: 'PDF/A-2b' });
  let pages = 0;
  sheet.on('pageAdded', () => pages++);
  sheet.addPage();
  sheet.font('bold').fontSize(11).fillColor(ink).text(document.name, margins.left, margins.top);
  sheet.font('small').fontSize(8.5).fillColor(quiet);
  sheet.text('Содержание файла XML: имена и значения', { paragraphGap: 6 });
  for (const { depth, name, value } of lines) {
    const indent = Math.min(depth, deepest) * 10;
    const options = { width: width(sheet) - indent, lineGap: 0.5 };
    sheet.font('small').fontSize(9).fillColor(quiet);
    if (value === null) sheet.font('smallBold').text(name, margins.left + indent, sheet.y + 3, options);
    else {
      sheet.text(`${name}: `, margins.left + indent, sheet.y + 1, { ...options, continued: true });
      sheet
        .font('text')
        .fontSize(10)
        .fillColor(ink)
        .text(value === '' ? '—' : value);
    }
  }
  if (isCut)
    sheet.font('smallBold').text(`Показано начало: первые ${mostLines} строк.`, margins.left, sheet.y + 8);
  return { pdf: await finished(sheet), pages };
}
