/** A picture as it came, 1 is black. */
export interface RasterPicture {
  widthDots: number;
  heightDots: number;
  rows: Uint8Array;
}

export type ImageWish =
  | { kind: 'print'; picture: RasterPicture }
  | { kind: 'stored'; picture: RasterPicture }
  | { kind: 'print-stored' }
  | { kind: 'wrong'; what: string };

/** `GS v 0 m xL xH yL yH d…`, without the first three bytes. */
export function readRaster([
  mode = 0,
  xLow = 0,
  xHigh = 0,
  yLow = 0,
  yHigh = 0,
  ...data
]: number[]): ImageWish {
  if (mode !== 0 && mode !== 48) return wrong(`GS v 0 ${mode}: only the plain size is drawn`);
  const [rowBytes, heightDots] = [xLow + xHigh * 256, yLow + yHigh * 256];
  if (rowBytes === 0 || heightDots === 0 || heightDots > 2303) return wrong('GS v 0: no such size');
  return { kind: 'print', picture: { widthDots: rowBytes * 8, heightDots, rows: Uint8Array.from(data) } };
}

/** `GS ( L 48 fn …`: function 112 stores raster graphics, 50 prints what is stored. */
export function readGraphics(parameters: number[]): ImageWish {
  const [m, fn, tone, xTimes, yTimes, colour, xLow = 0, xHigh = 0, yLow = 0, yHigh = 0, ...data] = parameters;
  if (m !== 48) return wrong(`GS ( L ${m}: out of range`);
  if (fn === 2 || fn === 50) return { kind: 'print-stored' };
  if (fn !== 112) return wrong(`GS ( L: no function ${fn}`);
  if (tone !== 48 || xTimes !== 1 || yTimes !== 1 || colour !== 49)
    return wrong('GS ( L 112: only plain and black');
  const [widthDots, heightDots] = [xLow + xHigh * 256, yLow + yHigh * 256];
  if (data.length !== Math.ceil(widthDots / 8) * heightDots) return wrong('GS ( L 112: size and data differ');
  return { kind: 'stored', picture: { widthDots, heightDots, rows: Uint8Array.from(data) } };
}

const wrong = (what: string): ImageWish => ({ kind: 'wrong', what });
