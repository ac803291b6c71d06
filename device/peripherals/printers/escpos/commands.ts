/**
 * The ESC/POS commands that we send, named as in Epson's command reference. Each returns the bytes of
 * one command and nothing else.
 */
const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;
const DLE = 0x10;

/** `ESC @`: forget the modes of whoever printed before. */
export const initialize = [ESC, 0x40];

/** `FS .`: leave Kanji mode, in which Chinese clones wake up and swallow Cyrillic in pairs. */
export const cancelKanji = [FS, 0x2e];

/** `LF`: print the line and feed by the line spacing. */
export const lineFeed = [0x0a];

/** `GS P x y`: motion units of 1/x and 1/y inch. Makes differ in what they wake up with. */
export const motionUnits = (perInch: number) => [GS, 0x50, perInch, perInch];

/** `ESC t n` */
export const codePage = (page: number) => [ESC, 0x74, page];

/** `ESC a 1` */
export const centre = [ESC, 0x61, 1];

/** `ESC M n`: Font A is 12 × 24 dots, Font B 9 × 17. */
export const font = (name: 'a' | 'b') => [ESC, 0x4d, name === 'a' ? 0 : 1];

/** `ESC E n` */
export const emphasis = (on: boolean) => [ESC, 0x45, on ? 1 : 0];

/** `GS B n`: white on black. */
export const reverse = (on: boolean) => [GS, 0x42, on ? 1 : 0];

/** `GS b n` */
export const smoothing = (on: boolean) => [GS, 0x62, on ? 1 : 0];

/** `GS ! n`: times the font's own size, 1–8 each way. */
export const characterSize = (width: number, height: number) => [GS, 0x21, ((width - 1) << 4) | (height - 1)];

/** `ESC 3 n`: from the top of one line to the top of the next, in vertical motion units. */
export const lineSpacing = (units: number) => [ESC, 0x33, units];

/** `ESC J n`: print and feed, in vertical motion units. */
export const feed = (units: number) => [ESC, 0x4a, units];

/** `GS V 66 n`: feed to the cutter plus n units, then cut, leaving one point uncut. */
export const feedAndPartialCut = (units: number) => [GS, 0x56, 66, units];

/** `GS V 65 n`: as above, cutting all the way. */
export const feedAndFullCut = (units: number) => [GS, 0x56, 65, units];

/** `GS e 3 m` (Custom): cut and hold the ticket out by m steps of 7 mm; it is let go when somebody pulls. */
export const present = (steps: number) => [GS, 0x65, 3, steps];

/** `GS v 0 0`: a picture follows, `rowBytes` bytes a row. */
export const rasterImage = (rowBytes: number, rows: number) => [
  ...[GS, 0x76, 0x30, 0],
  ...[rowBytes & 0xff, rowBytes >> 8],
  ...[rows & 0xff, rows >> 8],
];

/** `GS ( k` functions 165, 167, 169, 180 and 181: model 2, module size, correction level M, store, print. */
export function qrCode(data: Uint8Array, moduleDots: number): number[] {
  const symbol = (...parameters: number[]) => [
    GS,
    0x28,
    0x6b,
    (parameters.length + 1) & 0xff,
    (parameters.length + 1) >> 8,
    49,
    ...parameters,
  ];
  return [
    ...symbol(65, 50, 0),
    ...symbol(67, moduleDots),
    ...symbol(69, 49),
    ...symbol(80, 48, ...data),
    ...symbol(81, 48),
  ];
}

/** `GS r 1`: paper sensor status, answered in turn, that is after everything before was processed. */
export const transmitPaperStatus = [GS, 0x72, 1];

/** `DLE EOT n`: answered at once, whatever the printer is doing. */
export const realTimeStatus = (n: 1 | 2 | 3 | 4 | 20) => [DLE, 0x04, n];

/** `DLE DC4 8`: throw away what was received and not yet printed, also while offline. */
export const clearBuffers = [DLE, 0x14, 8, 1, 3, 20, 1, 6, 2, 8];
