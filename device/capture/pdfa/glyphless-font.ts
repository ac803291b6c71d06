/** A built font and the characters it has; anything else must be replaced before it is written. */
export interface GlyphlessFont {
  bytes: Uint8Array;
  has(character: string): boolean;
}

/** Advance of every glyph, in thousandths of the font size. */
const advance = 500;
const unitsPerEm = 1000;

/**
 * A TrueType font whose glyphs are empty, for the invisible text layer (the way tesseract's own `pdf.ttf`
 * works). The ascent is the whole em and the descent nothing, so that a word's box is the box of its text.
 * Built here because a PDF/A embeds its fonts and no machine may be without one (ISO 19005-2, 6.2.11.4).
 * Characters: what the engine's Russian and English data can answer.
 */
export function glyphlessFont(): GlyphlessFont {
  const codes = codePoints();
  const glyphs = codes.length + 1; // glyph 0 is .notdef
  const tables: [string, Uint8Array][] = [
    ['OS/2', os2Table(codes)],
    ['cmap', cmapTable(codes)],
    ['glyf', new Uint8Array(4)],
    ['head', headTable()],
    [
      'hhea',
      table('i32 i16 i16 i16 u16 i16 i16 i16 i16 i16 i16 i16 i16 i16 i16 i16 u16', [
        0x10000,
        unitsPerEm,
        0,
        0,
        advance,
        0,
        0,
        0,
        1,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        glyphs,
      ]),
    ],
    ['hmtx', repeated(glyphs, 'u16 i16', [advance, 0])],
    ['loca', new Uint8Array((glyphs + 1) * 2)],
    [
      'maxp',
      table('i32 u16 u16 u16 u16 u16 u16 u16 u16 u16 u16 u16 u16 u16 u16', [
        0x10000,
        glyphs,
        0,
        0,
        0,
        0,
        1,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
      ]),
    ],
    ['name', nameTable('OknoGlyphless')],
    ['post', table('i32 i32 i16 i16 u32 u32 u32 u32 u32', [0x30000, 0, -100, 50, 1, 0, 0, 0, 0])],
  ];
  const known = new Set(codes);
  return { bytes: assemble(tables), has: character => known.has(character.codePointAt(0) ?? -1) };
}

function codePoints(): number[] {
  const ranges: [number, number][] = [
    [0x20, 0x7e],
    [0xa0, 0xff],
    [0x400, 0x45f],
    [0x490, 0x491],
    [0x2010, 0x2015],
    [0x2018, 0x201e],
    [0x2020, 0x2022],
    [0x2026, 0x2026],
    [0x2030, 0x2030],
    [0x20ac, 0x20ac],
    [0x20bd, 0x20bd],
    [0x2116, 0x2116],
    [0x2122, 0x2122],
    [0x2212, 0x2212],
    [0xfffd, 0xfffd],
  ];
  return ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => from + at));
}

/** Format 4, one segment per run of neighbours; glyph ids follow the order of the codes. */
function cmapTable(codes: number[]): Uint8Array {
  const segments: { from: number; to: number; glyph: number }[] = [];
  for (const [at, code] of codes.entries()) {
    const last = segments.at(-1);
    if (last !== undefined && last.to === code - 1) last.to = code;
    else segments.push({ from: code, to: code, glyph: at + 1 });
  }
  segments.push({ from: 0xffff, to: 0xffff, glyph: 0x10000 + 0xffff });
  const count = segments.length;
  const power = 2 ** Math.floor(Math.log2(count));
  const words = [
    ...[0, 1, 3, 1, 0, 12, 4, 16 + count * 8, 0],
    ...[count * 2, power * 2, Math.log2(power), (count - power) * 2],
    ...segments.map(each => each.to),
    0,
    ...segments.map(each => each.from),
    ...segments.map(each => (each.glyph - each.from) & 0xffff),
    ...segments.map(() => 0),
  ];
  return repeatedValues(words);
}

function headTable(): Uint8Array {
  const longDateTime = 'u32 u32';
  return table(
    `i32 i32 u32 u32 u16 u16 ${longDateTime} ${longDateTime} i16 i16 i16 i16 u16 u16 i16 i16 i16`,
    [0x10000, 0x10000, 0, 0x5f0f3cf5, 0b11, unitsPerEm, 0, 0, 0, 0, 0, 0, advance, unitsPerEm, 0, 8, 2, 0, 0],
  );
}

/** Version 4 of the OS/2 table, as the OpenType specification lists its fields. */
function os2Table(codes: number[]): Uint8Array {
  const fields = [
    4,
    advance,
    400,
    5,
    0,
    ...new Array<number>(10).fill(0),
    0,
    ...new Array<number>(5).fill(0),
  ];
  const tail = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, codes[0] ?? 0, codes.at(-1) ?? 0];
  const metrics = [unitsPerEm, 0, 0, unitsPerEm, 0, 0, 0, 0, 0, 500, unitsPerEm, 0, 0x20, 1];
  return repeatedValues([...fields, ...tail, ...metrics]);
}

/** One PostScript name, in the encoding that Windows and PDF writers read. */
function nameTable(name: string): Uint8Array {
  const ids = [1, 4, 6];
  const storage = 6 + ids.length * 12;
  const text = [...name].map(each => each.charCodeAt(0));
  return repeatedValues([
    ...[0, ids.length, storage],
    ...ids.flatMap(id => [3, 1, 0x409, id, text.length * 2, 0]),
    ...text,
  ]);
}

function repeatedValues(words: number[]): Uint8Array {
  return table(words.map(() => 'u16').join(' '), words);
}

function repeated(times: number, format: string, values: number[]): Uint8Array {
  return table(
    new Array<string>(times).fill(format).join(' '),
    new Array<number[]>(times).fill(values).flat(),
  );
}

/** Big-endian fields one after the other. */
function table(format: string, values: number[]): Uint8Array {
  const kinds = format.split(' ');
  const bytes = new Uint8Array(kinds.reduce((sum, kind) => sum + Number(kind.slice(1)) / 8, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [index, kind] of kinds.entries()) {
    const value = values[index] ?? 0;
    if (kind.endsWith('16')) view.setUint16(at, value & 0xffff);
    else view.setUint32(at, value >>> 0);
    at += Number(kind.slice(1)) / 8;
  }
  return bytes;
}

function assemble(tables: [string, Uint8Array][]): Uint8Array {
  const headerBytes = 12 + tables.length * 16;
  const padded = (length: number) => Math.ceil(length / 4) * 4;
  const file = new Uint8Array(headerBytes + tables.reduce((sum, [, each]) => sum + padded(each.length), 0));
  const view = new DataView(file.buffer);
  const power = 2 ** Math.floor(Math.log2(tables.length));
  view.setUint32(0, 0x10000);
  view.setUint16(4, tables.length);
  view.setUint16(6, power * 16);
  view.setUint16(8, Math.log2(power));
  view.setUint16(10, (tables.length - power) * 16);
  let offset = headerBytes;
  for (const [index, [tag, bytes]] of tables.entries()) {
    file.set(bytes, offset);
    const row = 12 + index * 16;
    for (const [at, letter] of [...tag].entries()) view.setUint8(row + at, letter.charCodeAt(0));
    view.setUint32(row + 4, checksum(file.subarray(offset, offset + padded(bytes.length))));
    view.setUint32(row + 8, offset);
    view.setUint32(row + 12, bytes.length);
    offset += padded(bytes.length);
  }
  const head = tables.findIndex(([tag]) => tag === 'head');
  const headAt = view.getUint32(12 + head * 16 + 8);
  view.setUint32(headAt + 8, 0xb1b0afba - checksum(file));
  return file;
}

function checksum(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) sum = (sum + view.getUint32(at)) >>> 0;
  return sum;
}
