/** Where one array of bytes lies in an input report of a HID device. */
export interface ReportField {
  /** 0 when the device has one report without an id. */
  reportId: number;
  usagePage: number;
  usage: number;
  /** From the first byte behind the report id. */
  bitOffset: number;
  bits: number;
}

const input = 0x80;
const usagePage = 0x04;
const reportSize = 0x74;
const reportId = 0x84;
const reportCount = 0x94;
const usage = 0x08;
const collection = 0xa0;
const mostFields = 200;

/**
 * Input fields of a HID report descriptor (HID 1.11, section 6.2.2), those with a usage of their own. A field
 * of many values is one field. Bounded, and silent about whatever it does not need: pushes, units, ranges.
 */
export function inputFields(descriptor: Uint8Array): ReportField[] {
  const fields: ReportField[] = [];
  const offsets = new Map<number, number>();
  const now = { page: 0, size: 0, count: 0, id: 0 };
  let usages: number[] = [];
  for (let at = 0; at < descriptor.length && fields.length < mostFields; ) {
    const head = descriptor[at] ?? 0;
    const size = [0, 1, 2, 4][head & 3] ?? 0;
    const value = descriptor.subarray(at + 1, at + 1 + size).reduceRight((sum, byte) => sum * 256 + byte, 0);
    at += 1 + size;
    switch (head & 0xfc) {
      case usagePage:
        now.page = value;
        break;
      case reportSize:
        now.size = value;
        break;
      case reportCount:
        now.count = value;
        break;
      case reportId:
        now.id = value;
        break;
      case usage:
        usages.push(value);
        break;
      case input: {
        const bitOffset = offsets.get(now.id) ?? 0;
        const each = usages.length > 1 ? now.size : now.size * now.count;
        usages.forEach((one, index) => {
          fields.push({
            reportId: now.id,
            usagePage: one > 0xffff ? one >>> 16 : now.page,
            usage: one & 0xffff,
            bitOffset: bitOffset + index * each,
            bits: each,
          });
        });
        offsets.set(now.id, bitOffset + now.size * now.count);
        usages = [];
        break;
      }
      default:
        // Local items belong to the main item behind them: collections, output and feature fields end them.
        if ((head & 0xfc) === collection || (head & 0x0c) === 0) usages = [];
    }
  }
  return fields;
}

/** Usage page and usage of the first collection: what the device says it is. */
export function topUsage(descriptor: Uint8Array): { page: number; usage: number } | null {
  let page = 0;
  let found = 0;
  for (let at = 0; at < descriptor.length; ) {
    const head = descriptor[at] ?? 0;
    const size = [0, 1, 2, 4][head & 3] ?? 0;
    const value = descriptor.subarray(at + 1, at + 1 + size).reduceRight((sum, byte) => sum * 256 + byte, 0);
    at += 1 + size;
    if ((head & 0xfc) === usagePage) page = value;
    if ((head & 0xfc) === usage) found = value;
    if ((head & 0xfc) === collection) return { page, usage: found };
  }
  return null;
}
