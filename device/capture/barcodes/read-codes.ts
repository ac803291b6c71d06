import { readFile } from 'node:fs/promises';
import { prepareZXingModule, type ReadResult, readBarcodes } from 'zxing-wasm/reader';
import { type Barcode, barcodeFormats } from '../recognised.ts';
import type { Grey } from '../steps/grey.ts';
import { codeText } from './code-text.ts';
import { mayHoldCodes } from './may-hold-codes.ts';

/** More than a sheet of stickers has; a page made to keep us busy gets no further. */
const mostCodes = 32;

/** The decoder from our own packages: by itself it would ask the network for it. Loaded with the first page that needs it. */
let decoder: Promise<unknown> | undefined;
async function loadDecoder(): Promise<unknown> {
  const wasm = await readFile(new URL(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')));
  const overrides = { wasmBinary: Uint8Array.from(wasm).buffer };
  return await prepareZXingModule({ overrides, fireImmediately: true });
}

/** Barcodes of a straightened page, in any direction and a few degrees askew; empty for most pages at a small cost. */
export async function readCodes(grey: Grey): Promise<Barcode[]> {
  if (!mayHoldCodes(grey)) return [];
  decoder ??= loadDecoder();
  await decoder;
  const found = await readBarcodes(greyMap(grey), {
    formats: [...barcodeFormats],
    tryHarder: true,
    tryRotate: true,
    // Neither white codes on black nor a second look at a smaller copy found anything more on our pages.
    tryInvert: false,
    tryDownscale: false,
    textMode: 'Plain',
    maxNumberOfSymbols: mostCodes,
  });
  return found.flatMap(code => barcodeOf(code, grey));
}

function barcodeOf({ format, bytes, text, position }: ReadResult, { width, height }: Grey): Barcode[] {
  const known = barcodeFormats.find(each => each === format);
  const clean = codeText(bytes, text);
  if (known === undefined || clean === '' || (known === 'ITF' && !isWhole(clean))) return [];
  const corners = [position.topLeft, position.topRight, position.bottomRight, position.bottomLeft];
  const [left = 0, right = 0] = ends(corners.map(({ x }) => x / width));
  const [top = 0, bottom = 0] = ends(corners.map(({ y }) => y / height));
  return [
    { format: known, text: clean, box: { x: left, y: top, width: right - left, height: bottom - top } },
  ];
}

/**
 * Half of an interleaved code reads as a shorter one. Only those of 14 digits have a check digit (ISO/IEC
 * 15420: weights 3 and 1 from the right), and only they are believed.
 */
function isWhole(digits: string): boolean {
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  return digits.length === 14 && sum % 10 === 0;
}

/** The least and the greatest, within the page. */
function ends(fractions: number[]): number[] {
  return [Math.min(...fractions), Math.max(...fractions)].map(each => Math.min(1, Math.max(0, each)));
}

/** The page as a file of the simplest format (PGM): the decoder takes pixels only in four channels. */
function greyMap({ data, width, height }: Grey): Uint8Array {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), data]);
}
