import type { Bitmap } from './bitmap.ts';
import {
  cancelKanji,
  centre,
  characterSize,
  codePage,
  emphasis,
  feed,
  feedAndFullCut,
  feedAndPartialCut,
  font,
  initialize,
  lineFeed,
  lineSpacing,
  motionUnits,
  present,
  qrCode,
  rasterImage,
  reverse,
  smoothing,
} from './commands.ts';
import { type Block, type LineStyle, lineSpacingDots } from './layout.ts';
import type { EscposModel } from './model.ts';
import { toCp866 } from './text.ts';

/** `ESC J` carries one byte. */
const longestFeed = 255;
/** Rows of one raster command: small enough for the buffers of clones. */
const bandRows = 128;
/** 7 mm each: far enough out of the slot to be gripped. */
const presentSteps = 8;

/** One ticket as ESC/POS bytes, from `ESC @` to the cut. Text must already fit the code page. */
export function encodeTicket(blocks: readonly Block[], model: EscposModel): Uint8Array {
  const style = new Styles();
  const parts: Iterable<number>[] = [
    ...beginning(model),
    codePage(model.codePage),
    lineSpacing(lineSpacingDots.a),
    model.smoothsLargeText ? smoothing(true) : [],
  ];
  for (const block of blocks)
    switch (block.kind) {
      case 'feed':
        parts.push(...feeds(block.dots));
        break;
      case 'line':
        parts.push(...style.change(block), toCp866(block.text), lineFeed);
        break;
      case 'qr':
        parts.push(qrCode(new TextEncoder().encode(block.data), block.moduleDots));
        break;
      case 'image':
        parts.push(...bands(block.bitmap));
    }
  return bytesOf([...parts, ...end(model)]);
}

/** One ticket as a picture. */
export function encodeDrawnTicket(ticket: Bitmap, model: EscposModel): Uint8Array {
  return bytesOf([...beginning(model), ...bands(ticket), ...end(model)]);
}

/** Cuts off a ticket that was left half printed, so that it does not hang on the next person's. */
export function encodeScrapCut(model: EscposModel): Uint8Array {
  return bytesOf([initialize, motionUnits(model.dotsPerInch), ...end(model)]);
}

const beginning = (model: EscposModel) => [
  initialize,
  model.leavesKanji ? cancelKanji : [],
  motionUnits(model.dotsPerInch),
  centre,
];

function end(model: EscposModel): number[][] {
  switch (model.end) {
    case 'partial-cut':
      return [feedAndPartialCut(model.feedBeforeCutDots)];
    case 'full-cut':
      return [feedAndFullCut(model.feedBeforeCutDots)];
    case 'present':
      return [...feeds(model.feedBeforeCutDots), present(presentSteps)];
  }
}

function feeds(dots: number): number[][] {
  const result: number[][] = [];
  for (let left = dots; left > 0; left -= longestFeed) result.push(feed(Math.min(left, longestFeed)));
  return result;
}

function bands({ widthDots, heightDots, rows }: Bitmap): Uint8Array[] {
  const rowBytes = Math.ceil(widthDots / 8);
  const result: Uint8Array[] = [];
  for (let row = 0; row < heightDots; row += bandRows) {
    const height = Math.min(bandRows, heightDots - row);
    const band = rows.subarray(row * rowBytes, (row + height) * rowBytes);
    result.push(Uint8Array.from([...rasterImage(rowBytes, height), ...band]));
  }
  return result;
}

/** Sends a mode only when it changes. */
class Styles {
  #now: LineStyle = { font: 'a', times: 1, bold: false, reverse: false };

  change(next: LineStyle): number[][] {
    const now = this.#now;
    this.#now = next;
    return [
      next.font === now.font ? [] : [...font(next.font), ...lineSpacing(lineSpacingDots[next.font])],
      next.bold === now.bold ? [] : emphasis(next.bold),
      next.times === now.times ? [] : characterSize(next.times, next.times),
      next.reverse === now.reverse ? [] : reverse(next.reverse),
    ];
  }
}

function bytesOf(parts: readonly Iterable<number>[]): Uint8Array {
  return Uint8Array.from(parts.flatMap(part => [...part]));
}
