import qrcode from 'qrcode-generator';
import type { Modes } from './modes.ts';

const levels = ['L', 'M', 'Q', 'H'] as const;

/** What `GS ( k` asks for, once its mode is changed: nothing, a code on the paper, or a complaint. */
export type SymbolWish = { kind: 'stored' } | { kind: 'print' } | { kind: 'wrong'; what: string };

/** Obeys `GS ( k cn fn …` for QR codes; changes only `qr`. */
export function obeySymbol(parameters: readonly number[], qr: Modes['qr']): SymbolWish {
  const [code, f, n1 = 0, ...data] = parameters;
  if (code !== 49) return wrong(`GS ( k ${code}: only QR codes are known`);
  switch (f) {
    case 65:
      return n1 === 50 ? stored : wrong(`GS ( k 65: model ${n1}, only model 2 (50) is known`);
    case 67:
      if (n1 < 1 || n1 > 16) return wrong(`GS ( k 67: module of ${n1} dots`);
      qr.moduleDots = n1;
      return stored;
    case 69: {
      const level = levels[n1 - 48];
      if (level === undefined) return wrong(`GS ( k 69: level ${n1}`);
      qr.level = level;
      return stored;
    }
    case 80:
      if (n1 !== 48 || data.length === 0) return wrong('GS ( k 80: nothing to store');
      qr.data = Uint8Array.from(data);
      return stored;
    case 81:
      return { kind: 'print' };
    default:
      return wrong(`GS ( k: no function ${f}`);
  }
}

const stored: SymbolWish = { kind: 'stored' };
const wrong = (what: string): SymbolWish => ({ kind: 'wrong', what });

/** The matrix that a QR encoder independent of any printer driver makes of the stored bytes. */
export function qrModules(data: Uint8Array, level: 'L' | 'M' | 'Q' | 'H'): boolean[][] {
  const symbol = qrcode(0, level);
  symbol.addData(Buffer.from(data).toString('latin1'), 'Byte');
  symbol.make();
  const side = Array.from({ length: symbol.getModuleCount() }, (_, index) => index);
  return side.map(row => side.map(column => symbol.isDark(row, column)));
}
