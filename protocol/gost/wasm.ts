/** As little of the WebAssembly binary format (core specification, chapter 5) as `streebog-code.ts` needs. */
export type Code = readonly number[];

const sections = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const i32 = 0x7f;
const i64 = 0x7e;
const memoryKind = 2;
const functionKind = 0;

const localGet = 0x20;
const localSet = 0x21;
const localTee = 0x22;

export const op = {
  get: (local: number): Code => [localGet, ...leb(local)],
  set: (local: number): Code => [localSet, ...leb(local)],
  tee: (local: number): Code => [localTee, ...leb(local)],
  constI32: (value: number): Code => [0x41, ...signedLeb(value)],
  constI64: (value: number): Code => [0x42, ...signedLeb(value)],
  /** The address is on the stack; every access here is aligned to 8 bytes. */
  loadI64: (offset: number): Code => [0x29, 3, ...leb(offset)],
  storeI64: (offset: number): Code => [0x37, 3, ...leb(offset)],
  addI32: [0x6a] as Code,
  andI32: [0x71] as Code,
  lessI32: [0x49] as Code,
  addI64: [0x7c] as Code,
  orI64: [0x84] as Code,
  xorI64: [0x85] as Code,
  shiftLeftI64: [0x86] as Code,
  shiftRightI64: [0x88] as Code,
  lessI64: [0x54] as Code,
  lowI32: [0xa7] as Code,
  widenI32: [0xad] as Code,
  /** Runs `body` again while it leaves something other than 0 on the stack. */
  repeat: (body: Code): Code => [0x03, 0x40, ...body, 0x0d, 0, 0x0b],
} as const;

export interface WasmFunction {
  name: string;
  /** Parameters, all of type i32; they are the first locals. */
  parameters: number;
  /** Further locals: first those of type i32, then those of type i64. */
  localsI32: number;
  localsI64: number;
  body: Code;
}

/** A module with functions that return nothing and a memory of its importer, `memory.bytes`. */
export function assemble(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [
    0x60,
    ...vector(Array.from({ length: parameters }, () => [i32])),
    0,
  ]);
  const code = functions.map(({ localsI32, localsI64, body }) => {
    const locals = vector([
      [...leb(localsI32), i32],
      [...leb(localsI64), i64],
    ]);
    return sized([...locals, ...body, 0x0b]);
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(sections.type, vector(types)),
    ...section(sections.import, vector([[...text('memory'), ...text('bytes'), memoryKind, 0, 1]])),
    ...section(sections.function, vector(functions.map((_, index) => leb(index)))),
    ...section(
      sections.export,
      vector(functions.map(({ name }, index) => [...text(name), functionKind, ...leb(index)])),
    ),
    ...section(sections.code, vector(code)),
  ]);
}

const section = (id: number, content: Code): Code => [id, ...sized(content)];
const sized = (content: Code): Code => [...leb(content.length), ...content];
const vector = (items: readonly Code[]): Code => [...leb(items.length), ...items.flat()];
const text = (value: string): Code => sized([...Buffer.from(value)]);

/** LEB128 of a number that is not negative. */
function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

function signedLeb(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signedLeb(value >>> 7)];
}
