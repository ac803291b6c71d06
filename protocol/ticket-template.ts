import Type, { type Static } from 'typebox';

const Size = Type.Union([Type.Literal('small'), Type.Literal('normal'), Type.Literal('large')]);
/** English may be empty: then only the Russian line is printed. */
const Words = Type.Object({ ru: Type.String({ maxLength: 200 }), en: Type.String({ maxLength: 200 }) });
const after = { afterMm: Type.Number({ minimum: 0, maximum: 30 }) };
const look = { size: Size, bold: Type.Boolean(), ...after };

/**
 * One part of a ticket, from top to bottom. A part with nothing to say takes no paper. `afterMm` is the
 * air below it; of two airs that meet because a part between them is missing, the larger holds.
 */
export const TicketPart = Type.Union([
  Type.Object({ kind: Type.Literal('text'), words: Words, ...look }),
  Type.Object({
    kind: Type.Literal('value'),
    of: Type.Union([
      Type.Literal('branch'),
      Type.Literal('service'),
      Type.Literal('zone'),
      Type.Literal('ahead'),
      Type.Literal('wait'),
      Type.Literal('issued-at'),
    ]),
    ...look,
  }),
  /** At most so many times the size of the text; smaller where the paper is too narrow. */
  Type.Object({ kind: Type.Literal('number'), times: Type.Integer({ minimum: 2, maximum: 8 }), ...after }),
  /** The way to the page that follows the queue. */
  Type.Object({ kind: Type.Literal('qr'), words: Words, ...after }),
  Type.Object({ kind: Type.Literal('logo'), widthMm: Type.Integer({ minimum: 5, maximum: 80 }), ...after }),
  Type.Object({ kind: Type.Literal('rule'), ...after }),
]);
export type TicketPart = Static<typeof TicketPart>;

/** How a branch's tickets look. */
export const TicketTemplate = Type.Object({
  /** `text`: the printer's own letters, quick, Russian and Latin only. `raster`: drawn by the box, any script. */
  mode: Type.Union([Type.Literal('text'), Type.Literal('raster')]),
  parts: Type.Array(TicketPart, { minItems: 1, maxItems: 30 }),
  /** PNG as base64, printed black and white; empty for none. */
  logo: Type.String({ maxLength: 200_000, pattern: '^[A-Za-z0-9+/]*={0,2}$' }),
});
export type TicketTemplate = Static<typeof TicketTemplate>;

/** `GET /api/ticket-template`. */
export interface TicketTemplateView {
  template: TicketTemplate;
  printer: { model: string; title: string; widthDots: number; dotsPerInch: number };
}

/** The number is as large as the paper allows, so that it is read at arm's length and across the hall. */
export const defaultTicketTemplate: TicketTemplate = {
  mode: 'text',
  parts: [
    { kind: 'logo', widthMm: 24, afterMm: 4.5 },
    { kind: 'value', of: 'branch', size: 'normal', bold: true, afterMm: 4.5 },
    { kind: 'text', words: { ru: 'Ваш номер', en: '' }, size: 'normal', bold: false, afterMm: 3.5 },
    { kind: 'number', times: 8, afterMm: 3.5 },
    { kind: 'value', of: 'service', size: 'normal', bold: true, afterMm: 4.5 },
    { kind: 'value', of: 'zone', size: 'large', bold: true, afterMm: 4.5 },
    { kind: 'rule', afterMm: 3 },
    { kind: 'value', of: 'ahead', size: 'normal', bold: false, afterMm: 0 },
    { kind: 'value', of: 'wait', size: 'normal', bold: false, afterMm: 4.5 },
    { kind: 'qr', words: { ru: 'Следите за очередью на телефоне', en: '' }, afterMm: 4.5 },
    { kind: 'value', of: 'issued-at', size: 'small', bold: false, afterMm: 0 },
  ],
  logo: '',
};
