/**
 * What one make of receipt printer differs in. Clones keep Epson's commands but not its numbers, so
 * everything that was seen to vary is a setting.
 */
export interface EscposModel {
  id: string;
  /** Dots of the print head per inch, each way. */
  dotsPerInch: number;
  /** Characters of Font A (12 dots wide) in a line. */
  columns: number;
  /** Characters of Font B (9 dots wide) in a line. */
  smallColumns: number;
  /** The `n` of `ESC t n` that selects PC866 on this printer. */
  codePage: number;
  /** Side of one QR module in dots, 1–16. */
  qrModuleDots: number;
  /** Blank paper between the last printed row and the cut, in dots. */
  feedBeforeCutDots: number;
  /** `GS b` is known: large characters get smooth edges. A printer without it would print a stray letter. */
  smoothsLargeText: boolean;
  /** `DLE DC4 8` is known: what was sent can be called back when the job has failed. */
  clearsBuffer: boolean;
}

/** 80 mm paper at 203 dpi, 576 dots: Epson TM-T20, TM-T82, TM-m30 and most clones. */
export const epson80mm: EscposModel = {
  id: 'epson-80mm',
  dotsPerInch: 203,
  columns: 48,
  smallColumns: 64,
  codePage: 17,
  qrModuleDots: 7,
  feedBeforeCutDots: 24,
  smoothsLargeText: true,
  clearsBuffer: true,
};

/** 80 mm paper at 180 dpi, 512 dots: Epson TM-T88 family. */
export const epsonTmT88: EscposModel = {
  ...epson80mm,
  id: 'epson-tm-t88',
  dotsPerInch: 180,
  columns: 42,
  smallColumns: 56,
  qrModuleDots: 6,
};

/** 58 mm paper at 203 dpi, 384 dots, as in small clones; only the plainest commands. */
export const plain58mm: EscposModel = {
  ...epson80mm,
  id: 'plain-58mm',
  columns: 32,
  smallColumns: 42,
  qrModuleDots: 6,
  smoothsLargeText: false,
  clearsBuffer: false,
};

/** Every model that a branch's configuration may name. */
export const escposModels: readonly EscposModel[] = [epson80mm, epsonTmT88, plain58mm];
