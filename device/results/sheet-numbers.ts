import { finished, millimetre, newSheets, quiet } from '../../platform/paper/sheet.ts';

/**
 * One transparent sheet for each sheet of a copy, with «Лист 1 из 3» and a line that ties it to the whole;
 * laid over the pages so that their own content stays as it is.
 */
export async function sheetNumbers(copy: { total: number; line: string; madeAt: Date }): Promise<Uint8Array> {
  const none = { left: 0, right: 0, top: 0, bottom: 0 };
  const sheet = newSheets('Нумерация листов', copy.madeAt, { margins: none });
  const left = 25 * millimetre;
  for (let number = 1; number <= copy.total; number++) {
    sheet.addPage();
    const width = sheet.page.width - left - 15 * millimetre;
    const y = sheet.page.height - 11 * millimetre;
    sheet.font('small').fontSize(7.5).fillColor(quiet);
    sheet.text(copy.line, left, y, { width: width - 70, height: 10, ellipsis: true, lineBreak: false });
    sheet.font('smallBold').text(`Лист ${number} из ${copy.total}`, left, y, { width, align: 'right' });
  }
  return await finished(sheet);
}
