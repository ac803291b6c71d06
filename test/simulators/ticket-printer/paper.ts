/** How a character looks. Sizes in dots at 203 dpi. */
export interface Style {
  font: 'a' | 'b';
  widthTimes: number;
  heightTimes: number;
  bold: boolean;
  underline: boolean;
  reverse: boolean;
}

/** What was burnt into the paper, at dots from the left edge of the print area and from the cut above. */
export type Mark =
  | { kind: 'text'; x: number; y: number; text: string; style: Style }
  | { kind: 'qr'; x: number; y: number; data: Uint8Array; level: 'L' | 'M' | 'Q' | 'H'; moduleDots: number }
  /** Rows of bytes, eight dots each, 1 is black. */
  | { kind: 'image'; x: number; y: number; widthDots: number; heightDots: number; rows: Uint8Array };

/** A piece of paper between two cuts. */
export interface Strip {
  marks: Mark[];
  /** Dots that the head reaches. */
  widthDots: number;
  heightDots: number;
}

/** The cutter stands above the head, so every ticket begins with this much blank paper. */
export const cutterDistanceDots = 96;

export function cellOf(style: Style): { width: number; height: number } {
  const [width, height] = style.font === 'a' ? [12, 24] : [9, 17];
  return { width: width * style.widthTimes, height: height * style.heightTimes };
}

/** The text of a strip, line by line, without the indent of centred lines. */
export function linesOf(strip: Strip): string[] {
  return rows(strip).map(row =>
    row
      .map(mark => mark.text)
      .join('')
      .trim(),
  );
}

/** The strip as plain text, centred lines where they stand on paper. */
export function layoutOf(strip: Strip): string {
  const text = rows(strip).map(row => {
    const indent = Math.round((row[0]?.x ?? 0) / 12);
    return ' '.repeat(indent) + row.map(mark => mark.text).join('');
  });
  return `${text.join('\n')}\n`;
}

type TextMark = Extract<Mark, { kind: 'text' }>;

function rows(strip: Strip): TextMark[][] {
  const texts = strip.marks.filter(mark => mark.kind === 'text');
  const bottom = (mark: TextMark) => mark.y + cellOf(mark.style).height;
  return [...Map.groupBy(texts, bottom).values()];
}
