import type { Point, Quad } from './page-edges.ts';
import type { Picture } from './picture.ts';

interface Size {
  width: number;
  height: number;
}

/** Long side by short side, as it may seem of a sheet of A4 that lies aslant. */
const seemingRatio = { least: 1.2, most: 1.7 };

/**
 * Draws the sheet between four corners (fractions of the picture) as a rectangle: what a camera saw from
 * aside, or a scanner under an open lid. Sides of the result are the means of opposite sides; to a
 * camera what is farther looks shorter, so that what comes near A4 is taken for it.
 */
export function straightSheet(picture: Picture, quad: Quad, seenBy: 'scanner' | 'camera'): Picture {
  const { data, channels } = picture;
  const corners = quad.map(({ x, y }) => ({ x: x * picture.width, y: y * picture.height })) as Quad;
  const [a, b, c, d] = corners;
  const seen = {
    width: (distance(a, b) + distance(d, c)) / 2,
    height: (distance(a, d) + distance(b, c)) / 2,
  };
  const { width, height } = seenBy === 'camera' ? asA4(seen) : rounded(seen);
  const map = unitSquareTo(corners);
  const out = new Uint8Array(width * height * channels);
  const lastX = picture.width - 2;
  const lastY = picture.height - 2;
  const stride = picture.width * channels;
  for (let row = 0, to = 0; row < height; row++) {
    const v = (row + 0.5) / height;
    for (let column = 0; column < width; column++) {
      const u = (column + 0.5) / width;
      const depth = map.g * u + map.h * v + 1;
      const x = (map.a * u + map.b * v + map.c) / depth - 0.5;
      const y = (map.d * u + map.e * v + map.f) / depth - 0.5;
      const left = Math.min(lastX, Math.max(0, Math.floor(x)));
      const top = Math.min(lastY, Math.max(0, Math.floor(y)));
      const right = Math.min(1, Math.max(0, x - left));
      const below = Math.min(1, Math.max(0, y - top));
      const from = top * stride + left * channels;
      for (let channel = 0; channel < channels; channel++) {
        const at = from + channel;
        const upper = (data[at] ?? 0) * (1 - right) + (data[at + channels] ?? 0) * right;
        const lower = (data[at + stride] ?? 0) * (1 - right) + (data[at + stride + channels] ?? 0) * right;
        out[to++] = upper * (1 - below) + lower * below + 0.5;
      }
    }
  }
  return { data: out, width, height, channels };
}

/** The projective map of the unit square onto a quadrilateral (Heckbert 1989, 2.2.1). */
function unitSquareTo([p0, p1, p2, p3]: Quad) {
  const sx = p0.x - p1.x + p2.x - p3.x;
  const sy = p0.y - p1.y + p2.y - p3.y;
  const [dx1, dx2, dy1, dy2] = [p1.x - p2.x, p3.x - p2.x, p1.y - p2.y, p3.y - p2.y];
  const area = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / area;
  const h = (dx1 * sy - sx * dy1) / area;
  return {
    a: p1.x - p0.x + g * p1.x,
    b: p3.x - p0.x + h * p3.x,
    c: p0.x,
    d: p1.y - p0.y + g * p1.y,
    e: p3.y - p0.y + h * p3.y,
    f: p0.y,
    g,
    h,
  };
}

/** The same area with the sides of A4, when they come near it. */
function asA4(seen: Size): Size {
  const ratio = Math.max(seen.width, seen.height) / Math.min(seen.width, seen.height);
  if (ratio < seemingRatio.least || ratio > seemingRatio.most) return rounded(seen);
  const short = Math.sqrt((seen.width * seen.height) / Math.SQRT2);
  const long = short * Math.SQRT2;
  return rounded(seen.width < seen.height ? { width: short, height: long } : { width: long, height: short });
}

function rounded({ width, height }: Size): Size {
  return { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
