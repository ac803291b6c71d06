import type { Grey } from './grey.ts';

export interface Point {
  x: number;
  y: number;
}

/** Corners of a sheet: upper left, upper right, lower right, lower left. */
export type Quad = [Point, Point, Point, Point];

/** How much darker than the sheet its surroundings must be, in grey levels. */
const leastStep = 45;
/** Share of the picture that the surroundings and the sheet take at least. */
const leastAround = 0.015;
const leastSheet = 0.2;
/** A side may leave its straight line by so many pixels of the small copy, at most half of its points more. */
const straightPixels = 1.6;
const insetShare = 0.012;

/** Light falls unevenly when its brightest corner is so many times brighter than the darkest. */
const unevenLight = 1.15;
/** Table around such a sheet, as a share of the picture: a book's spine darkens one side alone. */
const leastRim = 0.02;

/**
 * The sheet in a picture with dark surroundings: a camera's table, the open lid of a scanner. Corners are
 * fractions of the picture's sides. Undefined when the sheet fills the picture or its outline is not four
 * straight sides: nothing is cut off then.
 * @param small a copy of 200–400 pixels.
 */
export function findSheet(small: Grey): Quad | undefined {
  const quad = sheetIn(small);
  if (quad?.every(hasTableAround)) return quad;
  const even = evenlyLit(small);
  const found = even && sheetIn(even);
  return found?.every(hasTableAround) ? found : quad;
}

/**
 * A bright table where the light falls is no darker than the sheet's far corner: the same picture with the light
 * of its rim, which is all table, made even. Undefined when that is even already.
 */
function evenlyLit({ data, width, height }: Grey): Grey | undefined {
  const light = lightOf({ data, width, height });
  const corners = [light(0, 0), light(width, 0), light(0, height), light(width, height)];
  const [darkest, brightest] = [Math.min(...corners), Math.max(...corners)];
  if (darkest <= 0 || brightest < unevenLight * darkest) return undefined;
  const middleLight = light(width / 2, height / 2);
  return {
    data: data.map((level, at) =>
      Math.min(255, (level * middleLight) / light(at % width, Math.floor(at / width))),
    ),
    width,
    height,
  };
}

function hasTableAround({ x, y }: Point): boolean {
  return [x, y].every(place => place >= leastRim && place <= 1 - leastRim);
}

/** The plane through the middles of the picture's four sides, each as bright as most of that side. */
function lightOf({ data, width, height }: Grey): (x: number, y: number) => number {
  const side = (length: number, at: (along: number) => number) =>
    middle(Array.from({ length }, (_, along) => data[at(along)] ?? 0));
  const left = side(height, y => y * width);
  const right = side(height, y => y * width + width - 1);
  const top = side(width, x => x);
  const bottom = side(width, x => (height - 1) * width + x);
  const centre = (left + right + top + bottom) / 4;
  return (x, y) => centre + (right - left) * (x / width - 0.5) + (bottom - top) * (y / height - 0.5);
}

function sheetIn(small: Grey): Quad | undefined {
  const { width, height } = small;
  const around = surroundings(small);
  if (around === undefined) return undefined;
  const share = around.reduce((sum, each) => sum + each, 0) / around.length;
  if (share < leastAround || share > 1 - leastSheet) return undefined;

  const rows = { from: Math.round(height * 0.04), to: Math.round(height * 0.96) };
  const columns = { from: Math.round(width * 0.04), to: Math.round(width * 0.96) };
  const isSheet = (x: number, y: number) => around[y * width + x] === 0;
  const first = (length: number, test: (at: number) => boolean): number | undefined => {
    for (let at = 0; at < length; at++) if (test(at)) return at;
    return undefined;
  };
  const leftSide: Point[] = [];
  const rightSide: Point[] = [];
  for (let y = rows.from; y < rows.to; y++) {
    const left = first(width, x => isSheet(x, y));
    const right = first(width, x => isSheet(width - 1 - x, y));
    if (left !== undefined) leftSide.push({ x: y, y: left });
    if (right !== undefined) rightSide.push({ x: y, y: width - right });
  }
  const topSide: Point[] = [];
  const bottomSide: Point[] = [];
  for (let x = columns.from; x < columns.to; x++) {
    const top = first(height, y => isSheet(x, y));
    const bottom = first(height, y => isSheet(x, height - 1 - y));
    if (top !== undefined) topSide.push({ x, y: top });
    if (bottom !== undefined) bottomSide.push({ x, y: height - bottom });
  }
  const [left, right, top, bottom] = [leftSide, rightSide, topSide, bottomSide].map(straightLine);
  if (!left || !right || !top || !bottom) return undefined;
  const corners: Quad = [meet(top, left), meet(top, right), meet(bottom, right), meet(bottom, left)];
  const quad = inset(corners.map(({ x, y }) => ({ x: x / width, y: y / height })) as Quad);
  return isSheetLike(quad) ? quad : undefined;
}

/** 1 for pixels that hang together with the picture's edge and are dark; undefined when nothing is. */
function surroundings({ data, width, height }: Grey): Uint8Array | undefined {
  const levels = data.toSorted();
  const sheetLevel = levels[Math.floor(levels.length * 0.8)] ?? 255;
  const edge: number[] = [];
  for (let x = 0; x < width; x++) edge.push(x, (height - 1) * width + x);
  for (let y = 0; y < height; y++) edge.push(y * width, y * width + width - 1);
  const darkEdge = edge.filter(at => (data[at] ?? 255) < sheetLevel - leastStep);
  if (darkEdge.length < edge.length * 0.1) return undefined;
  const around = darkEdge.map(at => data[at] ?? 0).toSorted((one, other) => one - other);
  const threshold = ((around[around.length >> 1] ?? 0) + sheetLevel) / 2;
  const mask = new Uint8Array(data.length);
  const queue = darkEdge.filter(at => (data[at] ?? 255) < threshold);
  for (const at of queue) mask[at] = 1;
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const x = at % width;
    for (const next of [x > 0 ? at - 1 : at, x < width - 1 ? at + 1 : at, at - width, at + width]) {
      if (next < 0 || next >= data.length || mask[next] === 1 || (data[next] ?? 255) >= threshold) continue;
      mask[next] = 1;
      queue.push(next);
    }
  }
  return mask;
}

/** y = slope · x + offset through most of the points (Theil–Sen over spread pairs). */
function straightLine(points: Point[]): { slope: number; offset: number } | undefined {
  if (points.length < 40) return undefined;
  const half = points.length >> 1;
  const slopes = points.slice(0, half).map((point, at) => {
    const other = points[at + half] ?? point;
    return (other.y - point.y) / (other.x - point.x);
  });
  const slope = middle(slopes);
  const offset = middle(points.map(({ x, y }) => y - slope * x));
  const off = middle(points.map(({ x, y }) => Math.abs(y - slope * x - offset)));
  return off <= straightPixels ? { slope, offset } : undefined;
}

function middle(values: number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
}

/** A little smaller: the blurred edge would otherwise stand beside the print as a dark line. */
function inset(quad: Quad): Quad {
  const middleX = quad.reduce((sum, { x }) => sum + x, 0) / 4;
  const middleY = quad.reduce((sum, { y }) => sum + y, 0) / 4;
  const inwards = (value: number, to: number) => value + (to - value) * insetShare;
  return quad.map(({ x, y }) => ({ x: inwards(x, middleX), y: inwards(y, middleY) })) as Quad;
}

/** Where a line y(x) crosses a line x(y). */
function meet(flat: { slope: number; offset: number }, steep: { slope: number; offset: number }): Point {
  const y = (flat.slope * steep.offset + flat.offset) / (1 - flat.slope * steep.slope);
  return { x: steep.slope * y + steep.offset, y };
}

/** Not the whole picture, not much out of it, opposite sides alike. */
function isSheetLike(quad: Quad): boolean {
  const inside = quad.every(({ x, y }) => x > -0.06 && x < 1.06 && y > -0.06 && y < 1.06);
  const [a, b, c, d] = quad;
  const whole = [a.x, a.y, 1 - b.x, b.y, 1 - c.x, 1 - c.y, d.x, 1 - d.y].every(gap => gap < 0.006);
  const ratio = (one: number, other: number) => Math.min(one, other) / Math.max(one, other);
  const sides = ratio(b.x - a.x, c.x - d.x) > 0.6 && ratio(d.y - a.y, c.y - b.y) > 0.6;
  const area = (Math.abs((c.x - a.x) * (d.y - b.y) - (c.y - a.y) * (d.x - b.x)) || 0) / 2;
  return inside && !whole && sides && area >= leastSheet;
}
