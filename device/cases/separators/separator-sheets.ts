import { finished, ink, millimetre, newSheets, quiet, type Sheet } from '../../../platform/paper/sheet.ts';
import { separatorMark } from '../../core/pile.ts';
import { drawQr } from '../../results/qr.ts';

/** A sheet that goes before a document of the pile; without a kind it only says that a document begins. */
export interface Separator {
  kind?: string;
  /** «СНИЛС»; what people read on it. */
  title: string;
}

const margin = 22 * millimetre;
/** Squares of 2 mm: five times what a scan of 200 dots per inch can tell apart. */
const codeSize = 58 * millimetre;
const titleSizes = [40, 32, 26, 21];

/**
 * A4 sheets, one a separator. Each carries its code twice, in opposite corners: a crease, a stain or a torn
 * edge takes one at most. The same input gives the same bytes.
 */
export async function writeSeparators(separators: readonly Separator[], madeAt: Date): Promise<Uint8Array> {
  const sheet = newSheets('Разделители стопки', madeAt, {
    margins: {
      left: margin,
      right: margin,
      top: margin,
      bottom: margin,
    },
  });
  for (const separator of separators) {
    sheet.addPage();
    draw(sheet, separator);
  }
  return await finished(sheet);
}

function draw(sheet: Sheet, { kind, title }: Separator): void {
  const mark = kind === undefined ? separatorMark : `${separatorMark}:${kind}`;
  const { width, height } = sheet.page;
  const right = width - margin - codeSize;
  const lower = height - margin - codeSize;
  drawQr(sheet, mark, margin, margin, codeSize);
  drawQr(sheet, mark, right, lower, codeSize);
  const whole = { width: width - 2 * margin };
  const top = margin + codeSize + 26 * millimetre;
  sheet.font('text').fontSize(22).fillColor(quiet).text('Разделитель', margin, top, whole);
  sheet
    .font('bold')
    .fillColor(ink)
    .fontSize(fittingSize(sheet, title, whole.width));
  sheet.text(title, margin, sheet.y + 6, whole);
  sheet.font('text').fontSize(17).fillColor(ink);
  sheet.text(
    'Положите этот лист в стопку перед документом. При разборе он сам уйдёт из дела; лист можно класть снова и снова.',
    margin,
    sheet.y + 14,
    { ...whole, lineGap: 3 },
  );
  sheet.font('mono').fontSize(9).fillColor(quiet);
  sheet.text(mark, margin, height - margin - 11, { width: right - margin - 12, lineBreak: false });
}

/** The largest size in which the title takes at most three lines. */
function fittingSize(sheet: Sheet, title: string, width: number): number {
  const fits = titleSizes.find(
    size => sheet.fontSize(size).heightOfString(title, { width }) <= 3.2 * size * 1.2,
  );
  return fits ?? titleSizes.at(-1) ?? 21;
}
