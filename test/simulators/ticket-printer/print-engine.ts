import iconv from 'iconv-lite';
import type { Command } from './commands.ts';
import { type ImageWish, type RasterPicture, readGraphics, readRaster } from './images.ts';
import type { Make } from './makes.ts';
import { dots, initialModes, type Modes } from './modes.ts';
import { cellOf, cutterDistanceDots, type Mark, type Strip } from './paper.ts';
import { obeySymbol, qrModules } from './symbols.ts';

/** What a command did beyond changing a mode. */
export interface Effect {
  /** Text lines that the head burnt; a QR code counts by its height. */
  lines: number;
  cut: boolean;
}

type Handler = (parameters: number[]) => void;

/** Obeys printing commands and burns the paper. Knows nothing of lines, buffers and faults. */
export class PrintEngine {
  readonly #make: Make;
  #modes: Modes;
  #line: Extract<Mark, { kind: 'text' }>[] = [];
  #lineWidth = 0;
  #strip: Strip;
  #stored: RasterPicture | undefined;
  #effect: Effect = { lines: 0, cut: false };
  #violations: string[] = [];

  constructor(make: Make) {
    this.#make = make;
    this.#modes = initialModes(make);
    this.#strip = this.#blankStrip();
  }

  #blankStrip(): Strip {
    return { marks: [], widthDots: this.#make.widthDots, heightDots: cutterDistanceDots };
  }

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
    this.#strip = this.#blankStrip();
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
      this.#modes = initialModes(this.#make);
    },
    'ESC t': ([page = 0]) => {
      if (this.#make.codePages[page] === undefined) this.violate(`ESC t ${page}: no such code page`);
      this.#modes.codePage = page;
    },
    'ESC a': ([n = 0]) => {
      if (this.#lineWidth > 0) this.violate('ESC a: only obeyed at the beginning of a line');
      else if (n === 0 || n === 1 || n === 2) this.#modes.align = n;
      else if (n >= 48 && n <= 50) this.#modes.align = (n - 48) as 0 | 1 | 2;
      else this.violate(`ESC a ${n}: out of range`);
    },
    'ESC M': ([n = 0]) => {
      if (![0, 1, 48, 49].includes(n)) this.violate(`ESC M ${n}: out of range`);
      else this.#modes.style = { ...this.#modes.style, font: n & 1 ? 'b' : 'a' };
    },
    'ESC E': ([n = 0]) => this.#style({ bold: (n & 1) === 1 }),
    'ESC G': ([n = 0]) => this.#style({ bold: (n & 1) === 1 }),
    'ESC -': ([n = 0]) => this.#style({ underline: (n & 3) !== 0 }),
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
      this.#modes.lineSpacingDots = dots(this.#modes, this.#make, n);
    },
    'ESC J': ([n = 0]) => this.#printLine(dots(this.#modes, this.#make, n)),
    'ESC d': ([n = 0]) => {
      for (let line = 0; line < n; line++) this.#printLine(this.#modes.lineSpacingDots);
    },
    'ESC  ': ([n = 0]) => {
      this.#modes.spacingDots = dots(this.#modes, this.#make, n);
    },
    'ESC {': ([n = 0]) => {
      if (n & 1) this.violate('ESC { 1: this simulator prints nothing upside down');
    },
    'GS L': ([low = 0, high = 0]) => {
      this.#modes.leftDots = dots(this.#modes, this.#make, low + high * 256);
    },
    'GS W': ([low = 0, high = 0]) => {
      this.#modes.areaDots = dots(this.#modes, this.#make, low + high * 256);
    },
    'ESC $': ([low = 0, high = 0]) => {
      this.#lineWidth = dots(this.#modes, this.#make, low + high * 256);
    },
    'ESC \\': ([low = 0, high = 0]) => {
      const units = low + high * 256;
      this.#lineWidth += dots(this.#modes, this.#make, units >= 0x8000 ? units - 0x10000 : units);
      if (this.#lineWidth < 0) this.violate('ESC \\: left of the paper');
    },
    // Modes of Kanji, which this simulator only leaves.
    'FS -': () => undefined,
    'FS S': () => undefined,
    'FS ( A': () => undefined,
    'GS v': parameters => this.#image(readRaster(parameters)),
    'GS ( L': parameters => this.#image(readGraphics(parameters)),
    'GS e': () => {
      if (!this.#make.presenter) this.violate('GS e: this printer has no presenter');
      if (this.#line.length > 0) this.violate('GS e: text is waiting in the line');
      this.#effect.cut = true;
    },
    'FS .': () => {
      this.#modes.kanji = false;
    },
    'GS V': ([mode = 0, n = 0]) => {
      if (this.#line.length > 0) this.violate('GS V: only obeyed at the beginning of a line');
      if (mode >= 65) this.#strip.heightDots += dots(this.#modes, this.#make, n);
      else this.#cutAboveHead();
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
    const text = iconv.decode(Buffer.from(bytes), this.#make.codePages[codePage] ?? 'ascii');
    // Rules and boxes are the same on every page; any other letter there was meant for page 866.
    if (/[^\x20-\x7e\u2500-\u25ff]/.test(text) && this.#make.codePages[codePage] !== 'cp866')
      this.violate(`text above 7Fh on code page ${codePage}`);
    if (foreign && text.includes('?')) this.violate(`a replaced character in «${text}»`);
    const width = (cellOf(style).width + this.#modes.spacingDots * style.widthTimes) * text.length;
    if (this.#lineWidth + width > this.#modes.areaDots) this.violate(`line too wide: «${text}»`);
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

  /** Without a feed of its own the cut falls where the cutter stands: above the head. */
  #cutAboveHead(): void {
    const height = this.#strip.heightDots - cutterDistanceDots;
    if (this.#strip.marks.some(mark => mark.y + heightOf(mark) > height))
      this.violate('GS V: cuts through what was printed, feed to the cutter first');
    this.#strip.heightDots = Math.max(1, height);
  }

  #symbol(parameters: number[]): void {
    const wish = obeySymbol(parameters, this.#modes.qr);
    if (wish.kind === 'wrong') this.violate(wish.what);
    if (wish.kind === 'print') this.#printQr();
  }

  #printQr(): void {
    const { moduleDots, level, data } = this.#modes.qr;
    if (data.length === 0 || this.#line.length > 0) {
      this.violate(`GS ( k 81: ${data.length === 0 ? 'nothing was stored' : 'text is waiting in the line'}`);
      return;
    }
    const size = qrModules(data, level).length * moduleDots;
    // The printer adds no quiet zone: four modules on each side must be left by whoever prints.
    if (size + 8 * moduleDots > this.#make.widthDots) this.violate('GS ( k 81: no room for the quiet zone');
    const y = this.#strip.heightDots;
    this.#strip.marks.push({ kind: 'qr', x: this.#left(size), y, data, level, moduleDots });
    this.#advance(size);
  }

  #image(wish: ImageWish): void {
    if (wish.kind === 'wrong') this.violate(wish.what);
    if (wish.kind === 'stored') this.#stored = wish.picture;
    const picture =
      wish.kind === 'print' ? wish.picture : wish.kind === 'print-stored' ? this.#stored : undefined;
    if (wish.kind === 'print-stored') this.#stored = undefined;
    if (!picture) {
      if (wish.kind === 'print-stored') this.violate('GS ( L 50: nothing was stored');
      return;
    }
    if (this.#line.length > 0) this.violate('a picture amid a line of text');
    if (picture.widthDots > this.#make.widthDots + 7) this.violate(`picture of ${picture.widthDots} dots`);
    const mark = { ...picture, x: this.#left(picture.widthDots), y: this.#strip.heightDots };
    this.#strip.marks.push({ kind: 'image', ...mark });
    this.#advance(picture.heightDots);
  }

  #advance(heightDots: number): void {
    this.#strip.heightDots += heightDots;
    this.#effect.lines += Math.ceil(heightDots / this.#modes.lineSpacingDots);
  }

  #left(width: number): number {
    const { leftDots, areaDots, align } = this.#modes;
    return Math.max(0, leftDots + Math.floor(((areaDots - width) * align) / 2));
  }
}

function heightOf(mark: Mark): number {
  if (mark.kind === 'text') return cellOf(mark.style).height;
  return mark.kind === 'image' ? mark.heightDots : qrModules(mark.data, mark.level).length * mark.moduleDots;
}
