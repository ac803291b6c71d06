import sharp from 'sharp';
import { cellOf, type Mark, type Strip, type Style } from './paper.ts';
import { qrModules } from './symbols.ts';

/** The head leaves 4 mm at 203 dpi on each side. */
const inset = 32;
const desk = 40;
const ink = '#26242a';
const paper = '#fdfcf9';

/** The ticket as it lies on a desk, PNG, one dot of the print head per pixel. */
export async function pictureOf(strip: Strip): Promise<Buffer> {
  const paperWidth = strip.widthDots + 2 * inset;
  const width = paperWidth + 2 * desk;
  const marks = (await Promise.all(strip.marks.map(draw))).join('');
  const height = strip.heightDots + 2 * desk;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><filter id="shadow" x="-10%" y="-10%" width="120%" height="120%">
      <feDropShadow dx="0" dy="5" stdDeviation="9" flood-color="#3b3a44" flood-opacity="0.35"/>
    </filter></defs>
    <rect width="100%" height="100%" fill="#cfd3d8"/>
    <path d="${outline(paperWidth, strip.heightDots)}" transform="translate(${desk} ${desk})" fill="${paper}" filter="url(#shadow)"/>
    <g transform="translate(${desk + inset} ${desk})">${marks}</g>
  </svg>`;
  return sharp(Buffer.from(svg)).png({ compressionLevel: 9 }).toBuffer();
}

/** Straight sides, the fine teeth of the cutter, and the stub in the middle that a partial cut leaves. */
function outline(paperWidth: number, height: number): string {
  const teeth = (y: number, from: number, to: number) => {
    const step = from < to ? 8 : -8;
    const points: string[] = [];
    for (let x = from; x !== to; x += step) points.push(`L${x + step / 2} ${y + 2.5} L${x + step} ${y}`);
    return points.join('');
  };
  const middle = paperWidth / 2;
  return [
    'M0 0',
    teeth(0, 0, paperWidth),
    `L${paperWidth} ${height}`,
    teeth(height, paperWidth, middle + 8),
    `L${middle + 5} ${height + 5}L${middle - 6} ${height + 4}L${middle - 8} ${height}`,
    teeth(height, middle - 8, 0),
    'Z',
  ].join('');
}

async function draw(mark: Mark): Promise<string> {
  if (mark.kind === 'image') return drawImage(mark);
  return mark.kind === 'qr' ? drawQr(mark) : drawText(mark);
}

async function drawImage(mark: Extract<Mark, { kind: 'image' }>): Promise<string> {
  const { x, y, widthDots, heightDots, rows } = mark;
  const rowBytes = Math.ceil(widthDots / 8);
  const pixels = new Uint8Array(widthDots * heightDots * 4);
  for (let at = 0; at < widthDots * heightDots; at++) {
    const [row, column] = [Math.floor(at / widthDots), at % widthDots];
    const isBlack = ((rows[row * rowBytes + (column >> 3)] ?? 0) << (column & 7)) & 0x80;
    pixels.set(isBlack ? [0x26, 0x24, 0x2a, 255] : [0, 0, 0, 0], at * 4);
  }
  const raw = { width: widthDots, height: heightDots, channels: 4 as const };
  const png = (await sharp(pixels, { raw }).png().toBuffer()).toString('base64');
  return `<image x="${x}" y="${y}" width="${widthDots}" height="${heightDots}" href="data:image/png;base64,${png}"/>`;
}

function drawQr(mark: Extract<Mark, { kind: 'qr' }>): string {
  const size = mark.moduleDots;
  const squares = qrModules(mark.data, mark.level).flatMap((row, y) =>
    row.map((dark, x) =>
      dark ? `M${mark.x + x * size} ${mark.y + y * size}h${size}v${size}h-${size}z` : '',
    ),
  );
  return `<path d="${squares.join('')}" fill="${ink}" shape-rendering="crispEdges"/>`;
}

/** Each character in its own cell, as the head places it, whatever the advance of the screen font is. */
function drawText(mark: Extract<Mark, { kind: 'text' }>): string {
  const { style } = mark;
  const cell = cellOf(style);
  const letters = [...mark.text]
    .map((letter, index) => drawLetter(letter, mark.x + index * cell.width, mark.y, style))
    .join('');
  const width = cell.width * mark.text.length;
  const block = `<rect x="${mark.x}" y="${mark.y}" width="${width}" height="${cell.height}" fill="${ink}"/>`;
  const line = `<rect x="${mark.x}" y="${mark.y + cell.height - 2}" width="${width}" height="2" fill="${ink}"/>`;
  return (style.reverse ? block : style.underline ? line : '') + letters;
}

function drawLetter(letter: string, x: number, y: number, style: Style): string {
  if (letter === ' ') return '';
  const cell = cellOf(style);
  // A drawn rule must join from cell to cell, which a font's dash does not.
  if (letter === '─') {
    return `<rect x="${x}" y="${y + cell.height / 2 - 1}" width="${cell.width}" height="2" fill="${ink}"/>`;
  }
  const size = style.font === 'a' ? 20 : 15;
  const baseline = style.font === 'a' ? 19 : 13.5;
  const place = `translate(${x} ${y}) scale(${style.widthTimes} ${style.heightTimes})`;
  const paint = style.reverse ? paper : ink;
  const weight = style.bold ? 'bold' : 'normal';
  return `<text transform="${place}" x="${cell.width / style.widthTimes / 2}" y="${baseline}" text-anchor="middle" font-family="DejaVu Sans Mono, Liberation Mono, monospace" font-size="${size}" font-weight="${weight}" fill="${paint}">${escapeXml(letter)}</text>`;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, character => `&#${character.charCodeAt(0)};`);
}
