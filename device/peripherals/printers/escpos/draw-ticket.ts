import qrcode from 'qrcode-generator';
import { type Bitmap, bitmapOf, pngOf } from './bitmap.ts';
import { type Block, cellDots, lineSpacingDots } from './layout.ts';
import type { EscposModel } from './model.ts';

/**
 * The ticket dot by dot, as it is sent in raster mode. Of a ticket in text mode it shows every place and
 * size exactly; only the shapes of the letters are the printer's own.
 */
export async function drawTicket(blocks: readonly Block[], model: EscposModel): Promise<Bitmap> {
  const shapes: string[] = [];
  let y = 0;
  for (const block of blocks) {
    const { shape, height } = await draw(block, y, model.widthDots);
    shapes.push(shape);
    y += height;
  }
  const size = `width="${model.widthDots}" height="${Math.max(1, y)}"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size}><rect width="100%" height="100%" fill="#fff"/>${shapes.join('')}</svg>`;
  return bitmapOf(Buffer.from(svg));
}

interface Drawn {
  shape: string;
  height: number;
}

async function draw(block: Block, y: number, paper: number): Promise<Drawn> {
  switch (block.kind) {
    case 'feed':
      return { shape: '', height: block.dots };
    case 'line':
      return drawLine(block, y, paper);
    case 'qr':
      return drawQr(block, y, paper);
    case 'image': {
      const { widthDots, heightDots } = block.bitmap;
      const png = (await pngOf(block.bitmap)).toString('base64');
      const place = `x="${left(widthDots, paper)}" y="${y}" width="${widthDots}" height="${heightDots}"`;
      return {
        shape: `<image ${place} href="data:image/png;base64,${png}" image-rendering="pixelated"/>`,
        height: heightDots,
      };
    }
  }
}

/** Each letter in its own cell, as the print head places it. */
function drawLine(line: Extract<Block, { kind: 'line' }>, y: number, paper: number): Drawn {
  const { font, times, bold, reverse } = line;
  const cell = { width: cellDots[font].width * times, height: cellDots[font].height * times };
  const letters = [...line.text];
  const from = left(letters.length * cell.width, paper);
  const size = (font === 'a' ? 20 : 15) * times;
  const baseline = y + (font === 'a' ? 19 : 13.5) * times;
  const ink = reverse ? '#fff' : '#000';
  const shapes = letters.map((letter, index) => {
    const x = from + index * cell.width;
    if (letter === ' ') return '';
    // A rule must join from cell to cell, which a font's dash does not.
    if (letter === '─')
      return `<rect x="${x}" y="${y + cell.height / 2 - 1}" width="${cell.width}" height="2" fill="${ink}"/>`;
    return `<text x="${x + cell.width / 2}" y="${baseline}" text-anchor="middle" fill="${ink}">${escapeXml(letter)}</text>`;
  });
  const ground = reverse
    ? `<rect x="${from}" y="${y}" width="${letters.length * cell.width}" height="${cell.height}"/>`
    : '';
  return {
    shape: `${ground}<g font-family="DejaVu Sans Mono, Liberation Mono, monospace" font-size="${size}"${bold ? ' font-weight="bold"' : ''}>${shapes.join('')}</g>`,
    height: Math.max(cell.height, lineSpacingDots[font]),
  };
}

function drawQr({ data, moduleDots }: Extract<Block, { kind: 'qr' }>, y: number, paper: number): Drawn {
  const symbol = qrcode(0, 'M');
  symbol.addData(Buffer.from(data).toString('latin1'), 'Byte');
  symbol.make();
  const count = symbol.getModuleCount();
  const from = left(count * moduleDots, paper);
  const squares: string[] = [];
  for (let row = 0; row < count; row++)
    for (let column = 0; column < count; column++)
      if (symbol.isDark(row, column))
        squares.push(
          `M${from + column * moduleDots} ${y + row * moduleDots}h${moduleDots}v${moduleDots}h-${moduleDots}z`,
        );
  return {
    shape: `<path d="${squares.join('')}" shape-rendering="crispEdges"/>`,
    height: count * moduleDots,
  };
}

const left = (width: number, paper: number) => Math.floor((paper - width) / 2);

function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, character => `&#${character.charCodeAt(0)};`);
}
