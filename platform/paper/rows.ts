import { ink, margins, quiet, type Sheet } from './sheet.ts';

export const width = (sheet: Sheet): number => sheet.page.width - margins.left - margins.right;
const labelWidth = 118;

/**
 * The heading of a group of rows; `neededPoints` is what must fit below it on the same sheet. A name of a file is
 * `asWritten`: capitals would make another one of it.
 */
export function section(
  sheet: Sheet,
  title: string,
  { neededPoints = 90, asWritten = false }: { neededPoints?: number; asWritten?: boolean } = {},
): void {
  keepTogether(sheet, neededPoints);
  sheet
    .font('smallBold')
    .fontSize(asWritten ? 10 : 9)
    .fillColor(asWritten ? ink : quiet);
  sheet.text(asWritten ? title : title.toLocaleUpperCase('ru'), margins.left, sheet.y + 13, {
    width: width(sheet),
    characterSpacing: asWritten ? 0 : 0.5,
  });
  rule(sheet, sheet.y + 2, 0.4);
  sheet.y += 5;
}

/** A label in small type and its value. */
export function row(
  sheet: Sheet,
  label: string,
  value: string,
  style: { font?: string; size?: number; colour?: string } = {},
): void {
  const { font = 'text', size = 10.5, colour = ink } = style;
  const left = margins.left + labelWidth;
  const options = { width: width(sheet) - labelWidth, lineGap: 0.8 };
  sheet.font(font).fontSize(size);
  const height = sheet.heightOfString(value, options);
  keepTogether(sheet, height);
  // Both columns stand on one line of writing and rows keep their distance, whatever the sizes of type.
  const baseline = sheet.y + 11;
  const bottom = baseline + 3.6 + height - sheet.currentLineHeight(true) - options.lineGap;
  const onLine = { baseline: 'alphabetic' } as const;
  sheet.fillColor(colour).text(value, left, baseline, { ...options, ...onLine });
  if (label !== '') {
    sheet.font('small').fontSize(9).fillColor(quiet);
    sheet.text(label, margins.left, baseline, { width: labelWidth - 8, ...onLine });
  }
  sheet.y = bottom;
}

/** Begins a new sheet when so many points no longer fit: a signature's data must not be torn from its heading. */
export function keepTogether(sheet: Sheet, points: number): void {
  if (sheet.y + points <= sheet.page.height - margins.bottom) return;
  sheet.addPage();
  sheet.y = margins.top;
}

/** A line across the sheet. */
export function rule(sheet: Sheet, y: number, lineWidth: number): void {
  sheet.moveTo(margins.left, y).lineTo(margins.left + width(sheet), y);
  sheet.lineWidth(lineWidth).strokeColor(ink).stroke();
  sheet.y = y;
}

/** A digest that a person compares: in groups of eight. */
export const inGroups = (hex: string) => hex.replace(/(.{8})(?=.)/g, '$1 ');

/** The authority's own name out of «C=RU, O=…, CN=…»; the whole when it has none. */
export const issuerName = (issuer: string) =>
  /(?:^|, )CN=(.+?)(?=, [A-Z0-9.]+=|$)/.exec(issuer)?.[1] ?? issuer;
