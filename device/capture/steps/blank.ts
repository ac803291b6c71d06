import { findInk, type Grey } from './grey.ts';
import { type Picture, pictureOf, vips } from './picture.ts';

/** Share of ink below which a page is blank. Measured: bleed-through 0.000 %, sparsest real page 2.4 %. */
const inkShare = 0.0005;
const inkContrast = 35;
/** Colour stands out where brightness does not: a faint blue stamp is 10–20 levels darker, print seen through the sheet is grey. */
const colourContrast = 9;
const marginPixels = 24;
const smallWidth = 620;

/**
 * Whether a page carries nothing; print seen through from the back is nothing, a faint stamp is something.
 * Looks at a median-filtered copy of about 75 dots per inch, so that dust and noise are gone.
 */
export async function isBlank(picture: Picture): Promise<boolean> {
  const width = Math.min(picture.width, smallWidth);
  const { brightness, colourlessness } = planesOf(await pictureOf(vips(picture).resize({ width }).median(3)));
  const enough = (ink: { xs: Uint16Array; examined: number }) => ink.xs.length >= ink.examined * inkShare;
  if (enough(findInk(brightness, inkContrast, marginPixels))) return false;
  return colourlessness === undefined || !enough(findInk(colourlessness, colourContrast, marginPixels));
}

function planesOf({ data, width, height, channels }: Picture): { brightness: Grey; colourlessness?: Grey } {
  if (channels === 1) return { brightness: { data, width, height } };
  const brightness = new Uint8Array(width * height);
  const colourlessness = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < brightness.length; at++, from += 3) {
    const [red = 0, green = 0, blue = 0] = [data[from], data[from + 1], data[from + 2]];
    brightness[at] = (red * 77 + green * 150 + blue * 29) >> 8;
    colourlessness[at] = 255 - (Math.max(red, green, blue) - Math.min(red, green, blue));
  }
  return {
    brightness: { data: brightness, width, height },
    colourlessness: { data: colourlessness, width, height },
  };
}
