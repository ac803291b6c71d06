import qrcode from 'qrcode-generator';
import type { Sheet } from '../../platform/paper/sheet.ts';

/** Draws a QR code (error correction M, quiet zone left to the caller) into a square of `size` points. */
export function drawQr(sheet: Sheet, text: string, left: number, top: number, size: number): void {
  const code = qrcode(0, 'M');
  code.addData(text, 'Byte');
  code.make();
  const count = code.getModuleCount();
  const module = size / count;
  for (let row = 0; row < count; row++)
    for (let column = 0; column < count; column++)
      if (code.isDark(row, column))
        // A hair wider than the module: viewers must not show white seams between neighbours.
        sheet.rect(left + column * module, top + row * module, module * 1.02, module * 1.02);
  sheet.fill('#000000');
}
