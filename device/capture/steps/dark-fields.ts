import { type Grey, shrinkGrey } from './grey.ts';

/** Filled heads of tables and forms, in millimetres: less is a rule, more is a photograph. */
const fieldHeight = { least: 3.2, most: 28 };
const shortestRun = 9;
/** Share of a page that is darker than its paper, at most. */
const paperShare = 0.6;
/** Share of the paper's brightness below which a place is filled. */
const darkShare = 0.55;
/** Share of a row of a field that is not white print. */
const filledShare = 0.3;
/** Share of the rows in which both ends of a field are dark. */
const drawnEnds = 0.75;
const tolerance = 2;
/** Rows in which a field may become wider: the first ones of a field that lies aslant. */
const growingRows = 3;
/** Grey levels by which a filling is uneven. */
const fillNoise = 14;
const shrink = 4;
const millimetresPerInch = 25.4;

interface Field {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/**
 * White print on filled fields becomes black on white, which the engine reads; the making of white paper
 * would wash it out. Returns the same picture when there is nothing filled.
 * @param grey a straightened page
 */
export function turnDarkFields(grey: Grey, dpi: number): Grey {
  const small = shrinkGrey(grey, shrink);
  const fields = darkFields(small, dpi / shrink / millimetresPerInch);
  if (fields.length === 0) return grey;
  const data = new Uint8Array(grey.data);
  for (const { left, right, top, bottom } of fields) {
    const level = fillOf(small, { left, right, top, bottom });
    const scale = 255 / (255 - level);
    for (let y = top * shrink; y < Math.min(grey.height, bottom * shrink); y++)
      for (let at = y * grey.width + left * shrink; at < y * grey.width + right * shrink; at++)
        data[at] = 255 - Math.max(0, (data[at] ?? 0) - level) * scale;
  }
  return { ...grey, data };
}

/** Brightness of a field's filling, of its brighter places: they become white, as paper is. */
function fillOf({ data, width }: Grey, { left, right, top, bottom }: Field): number {
  const levels: number[] = [];
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) levels.push(data[y * width + x] ?? 0);
  const sorted = levels.toSorted((one, other) => one - other);
  return Math.min(200, (sorted[sorted.length >> 1] ?? 0) + fillNoise);
}

/** The brightness that a share of the pixels does not reach: sorting them took half of the time of this step. */
function levelBelow(data: Uint8Array, share: number): number {
  const counts = new Uint32Array(256);
  for (const level of data) counts[level] = (counts[level] ?? 0) + 1;
  const wanted = Math.floor(data.length * share);
  let level = 0;
  for (let seen = counts[0] ?? 0; level < 255 && seen <= wanted; ) seen += counts[++level] ?? 0;
  return level;
}

/** Rectangles of the small copy: from a row that is dark from end to end on, as long as rows are rather dark. */
function darkFields({ data, width, height }: Grey, perMm: number): Field[] {
  const paper = levelBelow(data, paperShare);
  const isDark = (at: number) => (data[at] ?? 255) < paper * darkShare;
  const filledIn = (y: number, left: number, right: number) => {
    let filled = 0;
    for (let at = y * width + left; at < y * width + right; at++) if (isDark(at)) filled++;
    return filled / (right - left);
  };
  const ended: Field[] = [];
  let open: Field[] = [];
  for (let y = 0; y < height; y++) {
    open = open.filter(field => {
      const goesOn = filledIn(y, field.left, field.right) >= filledShare;
      if (goesOn) field.bottom = y + 1;
      else ended.push(field);
      return goesOn;
    });
    for (let x = 0; x < width; x++) {
      if (!isDark(y * width + x)) continue;
      const left = x;
      while (x < width && isDark(y * width + x)) x++;
      if (x - left < shortestRun * perMm) continue;
      const known = open.find(field => left <= field.right + tolerance && x >= field.left - tolerance);
      if (known === undefined) open.push({ left, right: x, top: y, bottom: y + 1 });
      else if (y - known.top <= growingRows) {
        known.left = Math.min(known.left, left);
        known.right = Math.max(known.right, x);
      }
    }
  }
  /** A figure on a photograph is dark in the middle; a field is at its ends too. */
  const hasEnds = ({ left, right, top, bottom }: Field) =>
    [left + tolerance, right - 1 - tolerance].every(x => {
      let dark = 0;
      for (let y = top; y < bottom; y++) if (isDark(y * width + x)) dark++;
      return dark >= (bottom - top) * drawnEnds;
    });
  return [...ended, ...open].filter(field => {
    const rows = field.bottom - field.top;
    return rows >= fieldHeight.least * perMm && rows <= fieldHeight.most * perMm && hasEnds(field);
  });
}
