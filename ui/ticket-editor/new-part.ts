import type { TicketPart } from '../../protocol/ticket-template.ts';

const values = ['branch', 'service', 'zone', 'ahead', 'wait', 'issued-at'] as const;

/** Every sort of part, as the editor names it: a value by what it shows. */
export const partNames = ['text', ...values, 'number', 'qr', 'logo', 'rule'] as const;
export type PartName = (typeof partNames)[number];

export const nameOf = (part: TicketPart): PartName => (part.kind === 'value' ? part.of : part.kind);

/** A part as it is when it was just added. */
export function newPart(name: PartName): TicketPart {
  const afterMm = 3;
  const look = { size: 'normal', bold: false, afterMm } as const;
  switch (name) {
    case 'text':
      return { kind: 'text', words: { ru: '', en: '' }, ...look };
    case 'number':
      return { kind: 'number', times: 8, afterMm };
    case 'qr':
      return { kind: 'qr', words: { ru: '', en: '' }, afterMm };
    case 'logo':
      return { kind: 'logo', widthMm: 24, afterMm };
    case 'rule':
      return { kind: 'rule', afterMm };
    default:
      return { kind: 'value', of: name, ...look };
  }
}
