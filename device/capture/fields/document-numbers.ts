import { before, type Finding, findAll } from './finding.ts';

/** A document's number behind «№»; flat and house numbers of an address are no documents. */
export function findDocumentNumbers(text: string): Finding[] {
  const expression = /(?:№|(?<!\p{L})N[°o]?) ?(?<number>[\p{L}\d][\p{L}\d/-]*\d[\p{L}\d/-]*)/gu;
  return findAll(text, expression, match => {
    const value = match.groups?.number ?? '';
    const place = /(?:д|дом|кв|корп|стр|каб|окно|школ\p{L}*|отделени\p{L}*)\.?,? $/iu;
    if (value.length < 3 || place.test(before(text, match.index, 20))) return undefined;
    return { name: 'number', value, check: 'none' };
  });
}
