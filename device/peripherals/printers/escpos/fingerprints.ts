/** A hint which model hangs on a USB port; the best score wins, and a technician may say otherwise. */
export interface PrinterFingerprint {
  /** Vendor and product in lower-case hex digits, `*` for any product. */
  usb: string;
  /** Must be contained in the product's name (USB descriptor or IEEE 1284 id), in any case. */
  name?: string;
  /** Id of an `EscposModel`. */
  model: string;
  score: number;
}

/**
 * Vendors of ticket printers. Some makes share one product number among all their printers, so the
 * name decides between them. Makes without a number of their own fall to `plain-80mm`.
 */
export const printerFingerprints: readonly PrinterFingerprint[] = [
  { usb: '04b8:*', model: 'epson-80mm', score: 2 },
  { usb: '04b8:*', name: 'TM-T88', model: 'epson-tm-t88', score: 3 },
  { usb: '1d90:*', model: 'citizen-80mm', score: 2 },
  { usb: '2730:*', model: 'citizen-80mm', score: 2 },
  { usb: '0519:*', model: 'star-escpos', score: 2 },
  { usb: '0dd4:*', model: 'custom-kpm', score: 2 },
  { usb: '0dd4:*', name: 'VKP80', model: 'custom-vkp80', score: 3 },
  // Controllers that clones are built on.
  { usb: '0416:5011', model: 'plain-80mm', score: 1 },
  { usb: '0483:5743', model: 'plain-80mm', score: 1 },
  { usb: '0fe6:811e', model: 'plain-80mm', score: 1 },
  { usb: '1fc9:2016', model: 'plain-80mm', score: 1 },
  { usb: '28e9:0289', model: 'plain-58mm', score: 1 },
];
