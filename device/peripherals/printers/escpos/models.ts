import type { EscposModel } from './model.ts';

/*
 * Page numbers of PC866 and widths: the makers' command manuals, compared with the tables of
 * receipt-printer-encoder. A row here is enough for a new make; see the README for how to find its numbers.
 */

/** 80 mm paper at 203 dpi: Epson TM-T20, TM-T82, TM-m30 and most clones. */
export const epson80mm: EscposModel = {
  id: 'epson-80mm',
  title: 'Epson TM-T20, TM-m30 (80 мм)',
  widthDots: 576,
  dotsPerInch: 203,
  codePage: 17,
  qrModuleDots: 7,
  feedBeforeCutDots: 24,
  end: 'partial-cut',
  leavesKanji: true,
  smoothsLargeText: true,
  clearsBuffer: true,
  fullStatus: false,
  nearEndSensor: true,
  serial: { flowControl: 'rts-cts', dtr: true, rts: true },
};

/** 80 mm paper at 180 dpi. */
export const epsonTmT88: EscposModel = {
  ...epson80mm,
  id: 'epson-tm-t88',
  title: 'Epson TM-T88 (80 мм, 180 точек на дюйм)',
  widthDots: 512,
  dotsPerInch: 180,
  qrModuleDots: 6,
};

/** Its page of PC866 is 7; 17 selects nothing. */
export const citizen80mm: EscposModel = {
  ...epson80mm,
  id: 'citizen-80mm',
  title: 'Citizen CT-S310, CT-S651 (80 мм)',
  codePage: 7,
  smoothsLargeText: false,
  clearsBuffer: false,
};

/** Star printers with the ESC/POS emulation switched on; their own language is another one. */
export const starEscpos: EscposModel = {
  ...epson80mm,
  id: 'star-escpos',
  title: 'Star TSP100IV, mC-Print3 (режим ESC/POS, 80 мм)',
  smoothsLargeText: false,
  clearsBuffer: false,
};

/** Kiosk printers of Custom with presenter: the ticket is held out and may be left there. */
export const customVkp80: EscposModel = {
  ...epson80mm,
  id: 'custom-vkp80',
  title: 'Custom VKP80 (киоск, 80 мм, с презентером)',
  widthDots: 608,
  dotsPerInch: 204,
  end: 'present',
  leavesKanji: false,
  smoothsLargeText: false,
  clearsBuffer: false,
  fullStatus: true,
};

/** Kiosk printers of Custom without presenter. */
export const customKpm: EscposModel = {
  ...customVkp80,
  id: 'custom-kpm',
  title: 'Custom KPM (киоск, 80 мм)',
  widthDots: 576,
  end: 'full-cut',
};

/** Plain receipt printers that ATOL sells under its name (RP-326, RP-820); not its fiscal ones. */
export const atol80mm: EscposModel = {
  ...epson80mm,
  id: 'atol-80mm',
  title: 'АТОЛ RP-326, RP-820 (80 мм)',
  smoothsLargeText: false,
  clearsBuffer: false,
};

/** Plain receipt printers of Shtrikh-M; not its fiscal ones, which speak a protocol of their own. */
export const shtrikh80mm: EscposModel = {
  ...atol80mm,
  id: 'shtrikh-80mm',
  title: 'Штрих-М, чековый принтер (80 мм)',
  nearEndSensor: false,
};

/** What nearly every 80 mm clone does; only the plainest commands. */
export const plain80mm: EscposModel = {
  ...epson80mm,
  id: 'plain-80mm',
  title: 'Другой ESC/POS, 80 мм',
  smoothsLargeText: false,
  clearsBuffer: false,
  nearEndSensor: false,
  // Many have three wires only: with flow control nothing would ever be sent.
  serial: { flowControl: 'none', dtr: true, rts: true },
};

/** 58 mm paper at 203 dpi, as in small clones; one without a cutter feeds instead. */
export const plain58mm: EscposModel = {
  ...plain80mm,
  id: 'plain-58mm',
  title: 'Другой ESC/POS, 58 мм',
  widthDots: 384,
  qrModuleDots: 6,
};

/** Every model that a branch's configuration may name. */
export const escposModels: readonly EscposModel[] = [
  epson80mm,
  epsonTmT88,
  citizen80mm,
  starEscpos,
  customVkp80,
  customKpm,
  atol80mm,
  shtrikh80mm,
  plain80mm,
  plain58mm,
];
