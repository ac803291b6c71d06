import { findInk, type Grey } from './grey.ts';
import type { Picture } from './picture.ts';

/** Share of ink below which a page is blank. Measured: bleed-through 0.000 %, sparsest real page 2.4 %. */
const inkShare = 0.0005;
const inkContrast = 35;
/**
 * Colour tells where brightness does not: a faint blue stamp is as dark as print seen through the sheet,
 * but that is grey. In levels of red against blue.
 */
const colourContrast = 10;
const marginPixels = 24;

/**
 * Whether a page carries nothing; print seen through from the back is nothing, a faint stamp is something.
 * @param small a copy of about 75 dots per inch: noise and dust are averaged away
 */
export function isBlank(small: Picture): boolean {
  return planesOf(small).every(({ plane, contrast }) => {
    const ink = findInk(plane, contrast, marginPixels);
    return ink.xs.length < ink.examined * inkShare;
  });
}

/** Brightness, and for a coloured page how blue and how red it is: what stands out is low in one of them. */
function planesOf({ data, width, height, channels }: Picture): { plane: Grey; contrast: number }[] {
  if (channels === 1) return [{ plane: { data, width, height }, contrast: inkContrast }];
  const [brightness, redness, blueness] = [0, 0, 0].map(() => new Uint8Array(width * height));
  if (!brightness || !redness || !blueness) return [];
  for (let at = 0, from = 0; at < brightness.length; at++, from += 3) {
    const red = data[from] ?? 0;
    const green = data[from + 1] ?? 0;
    const blue = data[from + 2] ?? 0;
    brightness[at] = (red * 77 + green * 150 + blue * 29) >> 8;
    redness[at] = Math.min(255, Math.max(0, 128 + red - blue));
    blueness[at] = Math.min(255, Math.max(0, 128 + blue - red));
  }
  return [
    { plane: { data: brightness, width, height }, contrast: inkContrast },
    { plane: { data: redness, width, height }, contrast: colourContrast },
    { plane: { data: blueness, width, height }, contrast: colourContrast },
  ];
}
