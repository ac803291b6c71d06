import iconv from 'iconv-lite';
import qrcode from 'qrcode-generator';
import type { Command } from './commands.ts';
import { dots, initialModes, type Modes } from './modes.ts';
import { cellOf, cutterDistanceDots, type Mark, printWidthDots, type Strip } from './paper.ts';

const encodings: Record<number, string> = { 0: 'cp437', 17: 'cp866' };
const levels = ['L', 'M', 'Q', 'H'] as const;

/** What a command did beyond changing a mode. */
export interface Effect {
  /** Text lines that the head burnt; a QR code counts by its height. */
  lines: number;
  cut: boolean;
}

type Handler = (parameters: number[]) => void;

/** Obeys printing commands and burns the paper. Knows nothing of lines, buffers and faults. */
export class PrintEngine {
  #modes: Modes = initialModes();
  #line: Extract<Mark, { kind: 'text' }>[] = [];
  #lineWidth = 0;
  #strip: Strip = { marks: [], heightDots: cutterDistanceDots };
  #effect: Effect = { lines: 0, cut: false };
  #violations: string[] = [];

  obey(command: Command): Effect {
    this.#effect = { lines: 0, cut: false };
    const handler = this.#handlers[command.name];
    if (handler) handler(command.parameters);
    else this.violate(`${command.name}: known, but this simulator does not draw it`);
    return this.#effect;
  }

  violate(what: string): void {
    this.#violations.push(what);
  }

  isBlank(): boolean {
    return this.#strip.marks.length === 0 && this.#line.length === 0;
  }

  /** Hands out the paper down to the cut, or down to where a person tore it off. */
  tearOff(): { strip: Strip; violations: string[] } {
    const torn = { strip: this.#strip, violations: this.#violations };
    this.#strip = { marks: [], heightDots: cutterDistanceDots };
    this.#violations = [];
    return torn;
  }

  /** `DLE DC4 8` forgets the line that was not printed yet; the modes stay. */
  forgetLine(): void {
    this.#line = [];
    this.#lineWidth = 0;
  }

  readonly #handlers: Record<string, Handler> = {
    text: bytes => this.#text(bytes),
    LF: () => this.#printLine(this.#modes.lineSpacingDots),
    CR: () => undefined,
    'ESC @': () => {
      this.forgetLine();
      this.#modes = initialModes();
    },
    'ESC t': ([page = 0]) => {
      if (encodings[page] === undefined) this.violate(`ESC t ${page}: no such code page`);
      this.#modes.codePage = page;
    },
    'ESC a': ([n = 0]) => {
      if (this.#line.length > 0) this.violate('ESC a: only obeyed at the beginning of a line');
      else if (n === 0 || n === 1 || n === 2) this.#modes.align = n;
      else this.violate(`ESC a ${n}: out of range`);
    },
    'ESC M': ([n = 0]) => {
      if (n > 1) this.violate(`ESC M ${n}: out of range`);
      else this.#modes.style = { ...this.#modes.style, font: n === 0 ? 'a' : 'b' };
    },
    'ESC E': ([n = 0]) => this.#style({ bold: (n & 1) === 1 }),
    'ESC G': ([n = 0]) => this.#style({ bold: (n & 1) === 1 }),
    'ESC -': ([n = 0]) => this.#style({ underline: n !== 0 }),
    'ESC !': ([n = 0]) =>
      this.#style({
        font: n & 1 ? 'b' : 'a',
        bold: (n & 8) !== 0,
        heightTimes: n & 16 ? 2 : 1,
        widthTimes: n & 32 ? 2 : 1,
        underline: (n & 128) !== 0,
      }),
    'GS B': ([n = 0]) => this.#style({ reverse: (n & 1) === 1 }),
    'GS b': () => undefined,
    'GS !': ([n = 0]) => {
      if (n & 0x88) this.violate(`GS ! ${n}: out of range`);
      this.#style({ widthTimes: ((n >> 4) & 7) + 1, heightTimes: (n & 7) + 1 });
    },
    'GS P': ([x = 0, y = 0]) => {
      if (x !== y || y === 0) this.violate('GS P: this simulator wants the same unit both ways');
      else this.#modes.unitsPerInch = y;
    },
    'ESC 2': () => {
      this.#modes.lineSpacingDots = 34;
    },
    'ESC 3': ([n = 0]) => {
      this.#modes.lineSpacingDots = dots(this.#modes, n);
    },
    'ESC J': ([n = 0]) => this.#printLine(dots(this.#modes, n)),
    'ESC d': ([n = 0]) => {
      for (let line = 0; line < n; line++) this.#printLine(this.#modes.lineSpacingDots);
    },
    'FS .': () => {
      this.#modes.kanji = false;
    },
    'GS V': ([mode = 0, n = 0]) => {
      if (this.#line.length > 0) this.violate('GS V: only obeyed at the beginning of a line');
      // Without the feed the cut goes through what was printed last: the cutter stands above the head.
      if (mode < 65) this.violate(`GS V ${mode}: cuts through the text, feed to the cutter first`);
      this.#strip.heightDots += dots(this.#modes, n);
      this.#effect.cut = true;
    },
    'GS ( k': parameters => this.#symbol(parameters),
  };

  #style(change: Partial<Modes['style']>): void {
    this.#modes.style = { ...this.#modes.style, ...change };
  }

  #text(bytes: number[]): void {
    const { style, codePage, kanji } = this.#modes;
    const foreign = bytes.some(byte => byte >= 0x80);
    if (foreign && kanji) this.violate('text above 7Fh in Kanji mode');
    if (foreign && codePage !== 17) this.violate(`text above 7Fh on code page ${codePage}`);
    const text = iconv.decode(Buffer.from(bytes), encodings[codePage] ?? 'ascii');
    if (foreign && text.includes('?')) this.violate(`a replaced character in «${text}»`);
    const width = cellOf(style).width * text.length;
    if (this.#lineWidth + width > printWidthDots) this.violate(`line too wide: «${text}»`);
    this.#line.push({ kind: 'text', x: this.#lineWidth, y: 0, text, style });
    this.#lineWidth += width;
  }

  #printLine(feedDots: number): void {
    const tallest = Math.max(0, ...this.#line.map(mark => cellOf(mark.style).height));
    const left = this.#left(this.#lineWidth);
    const top = this.#strip.heightDots;
    for (const mark of this.#line) {
      this.#strip.marks.push({ ...mark, x: left + mark.x, y: top + tallest - cellOf(mark.style).height });
    }
    if (this.#line.length > 0) this.#effect.lines += 1;
    this.#strip.heightDots += Math.max(feedDots, tallest);
    this.forgetLine();
  }

  #symbol(parameters: number[]): void {
    const [code, f, n1 = 0, ...data] = parameters;
    const { qr } = this.#modes;
    if (code !== 49) {
      this.violate(`GS ( k ${code}: only QR codes are known`);
      return;
    }
    switch (f) {
      case 65:
        if (n1 !== 50) this.violate(`GS ( k 65: model ${n1}, only model 2 (50) is known`);
        break;
      case 67:
        if (n1 < 1 || n1 > 16) this.violate(`GS ( k 67: module of ${n1} dots`);
        else qr.moduleDots = n1;
        break;
      case 69:
        if (levels[n1 - 48] === undefined) this.violate(`GS ( k 69: level ${n1}`);
        else qr.level = levels[n1 - 48] ?? 'L';
        break;
      case 80:
        if (n1 !== 48 || data.length === 0) this.violate('GS ( k 80: nothing to store');
        else qr.data = Uint8Array.from(data);
        break;
      case 81:
        this.#printQr();
        break;
      default:
        this.violate(`GS ( k: no function ${f}`);
    }
  }

  #printQr(): void {
    const { moduleDots, level, data } = this.#modes.qr;
    if (data.length === 0 || this.#line.length > 0) {
      this.violate(`GS ( k 81: ${data.length === 0 ? 'nothing was stored' : 'text is waiting in the line'}`);
      return;
    }
    const size = qrModules(data, level).length * moduleDots;
    // The printer adds no quiet zone: four modules on each side must be left by whoever prints.
    if (size + 8 * moduleDots > printWidthDots) this.violate('GS ( k 81: no room for the quiet zone');
    const y = this.#strip.heightDots;
    this.#strip.marks.push({ kind: 'qr', x: this.#left(size), y, data, level, moduleDots });
    this.#strip.heightDots += size;
    this.#effect.lines += Math.ceil(size / this.#modes.lineSpacingDots);
  }

  #left(width: number): number {
    return Math.max(0, Math.floor(((printWidthDots - width) * this.#modes.align) / 2));
  }
}

/** The matrix that a QR encoder independent of any printer driver makes of the stored bytes. */
export function qrModules(data: Uint8Array, level: 'L' | 'M' | 'Q' | 'H'): boolean[][] {
  const symbol = qrcode(0, level);
  symbol.addData(Buffer.from(data).toString('latin1'), 'Byte');
  symbol.make();
  const side = Array.from({ length: symbol.getModuleCount() }, (_, index) => index);
  return side.map(row => side.map(column => symbol.isDark(row, column)));
}
