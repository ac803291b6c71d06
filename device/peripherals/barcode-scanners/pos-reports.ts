import { inputFields, type ReportField } from './report-descriptor.ts';
import { mostCodeBytes } from './type-code.ts';

/** Bar code scanner page of the HID usage tables (HID POS 1.02, section 3). */
const scannerPage = 0x8c;
const decodedData = 0xfe;
const decodedDataContinued = 0xff;
const symbologyIdentifiers = new Set([0xfb, 0xfc, 0xfd]);
const genericDesktop = 0x01;
const byteCount = 0x3b;

/** The 64 bytes that most scanners send, for one whose descriptor cannot be read: length, three signs of symbology, data. */
const usualFields: ReportField[] = [
  { reportId: 2, usagePage: genericDesktop, usage: byteCount, bitOffset: 0, bits: 8 },
  { reportId: 2, usagePage: scannerPage, usage: 0xfb, bitOffset: 8, bits: 24 },
  { reportId: 2, usagePage: scannerPage, usage: decodedData, bitOffset: 32, bits: 448 },
  { reportId: 2, usagePage: scannerPage, usage: decodedDataContinued, bitOffset: 480, bits: 1 },
];

/** Puts the reports of a HID POS scanner together. Each report goes in whole, with its id in front. */
export class PosReports {
  readonly #fields: ReportField[];
  #held: number[] = [];

  constructor(descriptor: Uint8Array) {
    const described = inputFields(descriptor);
    this.#fields = described.some(isData) ? described : usualFields;
  }

  /** A whole code, or undefined while it goes on or for a report that holds none. */
  take(report: Uint8Array): Uint8Array | undefined {
    const hasIds = this.#fields.some(({ reportId }) => reportId !== 0);
    const fields = this.#fields.filter(({ reportId }) => !hasIds || reportId === report[0]);
    const content = hasIds ? report.subarray(1) : report;
    const data = fields.find(isData);
    if (!data) return undefined;
    const bytes = bytesOf(content, data);
    const length = fields.find(({ usagePage, usage }) => usagePage === genericDesktop && usage === byteCount);
    const told = length && bytesOf(content, length)[0];
    const part = told === undefined ? withoutPadding(bytes) : bytes.subarray(0, told);
    if (this.#held.length === 0) this.#held.push(...this.#symbology(content, fields));
    this.#held.push(...part.subarray(0, Math.max(0, mostCodeBytes - this.#held.length)));
    const more = fields.find(
      ({ usagePage, usage }) => usagePage === scannerPage && usage === decodedDataContinued,
    );
    if (more && bitOf(content, more.bitOffset)) return undefined;
    const code = Uint8Array.from(this.#held);
    this.#held = [];
    return code.length > 0 ? code : undefined;
  }

  /** `]Q1`, when the scanner tells it. */
  #symbology(content: Uint8Array, fields: ReportField[]): number[] {
    const mark = fields
      .filter(({ usagePage, usage }) => usagePage === scannerPage && symbologyIdentifiers.has(usage))
      .flatMap(field => [...bytesOf(content, field)]);
    return mark[0] === 0x5d && mark.length >= 3 ? mark.slice(0, 3) : [];
  }
}

function isData({ usagePage, usage }: ReportField): boolean {
  return usagePage === scannerPage && usage === decodedData;
}

function bytesOf(content: Uint8Array, { bitOffset, bits }: ReportField): Uint8Array {
  return content.subarray(bitOffset / 8, (bitOffset + bits) / 8);
}

function bitOf(content: Uint8Array, bitOffset: number): boolean {
  return (((content[bitOffset >> 3] ?? 0) >> (bitOffset & 7)) & 1) === 1;
}

function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}
