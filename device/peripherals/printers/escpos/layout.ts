import type { TicketPart, TicketTemplate } from '../../../../protocol/ticket-template.ts';
import type { TicketSlip } from '../../driver.ts';
import type { Bitmap } from './bitmap.ts';
import { columnsOf, type EscposModel } from './model.ts';
import { type Fit, keepLetters, transliterate, wrapEvenly } from './text.ts';

/** What is burnt one below the other, everything centred. The same for a printer, a picture and a preview. */
export type Block =
  | ({ kind: 'line'; text: string } & LineStyle)
  | { kind: 'feed'; dots: number }
  | { kind: 'qr'; data: string; moduleDots: number }
  | { kind: 'image'; bitmap: Bitmap };

export interface LineStyle {
  font: 'a' | 'b';
  /** Times the font's own size, both ways. */
  times: number;
  bold: boolean;
  reverse: boolean;
}

/** Fonts of the printer, in dots. */
export const cellDots = { a: { width: 12, height: 24 }, b: { width: 9, height: 17 } } as const;

/** From the top of one line of text to the top of the next, in dots; a higher line takes its own height. */
export const lineSpacingDots = { a: 32, b: 24 } as const;

const again = 'ПОВТОРНАЯ ПЕЧАТЬ';
const afterBannerMm = 4.5;
/** Services have long names; a narrower column keeps them from touching both edges. */
const longestServiceLine = 40;

/** Lays a ticket out. `logo` is the template's, already black and white. Throws nothing. */
export function layTicket(
  slip: TicketSlip,
  template: TicketTemplate,
  model: EscposModel,
  logo: (widthMm: number) => Bitmap | undefined,
): Block[] {
  const setting: Setting = { slip, model, logo, fit: template.mode === 'text' ? transliterate : keepLetters };
  const blocks: Block[] = [];
  let airMm = 0;
  const add = (part: Block[], afterMm: number) => {
    if (part.length > 0) {
      if (airMm > 0) blocks.push({ kind: 'feed', dots: dotsOf(airMm, model) });
      blocks.push(...part);
      airMm = 0;
    }
    if (blocks.length > 0) airMm = Math.max(airMm, afterMm);
  };
  if (slip.reprint) add([banner(model)], afterBannerMm);
  for (const part of template.parts) add(blocksOf(part, setting), part.afterMm);
  return blocks;
}

interface Setting {
  slip: TicketSlip;
  model: EscposModel;
  fit: Fit;
  logo: (widthMm: number) => Bitmap | undefined;
}

function blocksOf(part: TicketPart, setting: Setting): Block[] {
  const { slip, model, fit, logo } = setting;
  switch (part.kind) {
    case 'text':
      return [part.words.ru, part.words.en].flatMap(text => lines(text, part, setting));
    case 'value':
      return lines(
        valueText(part.of, slip),
        part,
        setting,
        part.of === 'service' ? longestServiceLine : undefined,
      );
    case 'number': {
      const text = fit(slip.number).trim();
      return [{ ...plain, kind: 'line', text, times: numberTimes(text, model, part.times), bold: true }];
    }
    case 'qr': {
      if (slip.statusUrl === '') return [];
      const moduleDots = model.qrModuleDots;
      const captions = [part.words.ru, part.words.en];
      return [
        { kind: 'qr', data: slip.statusUrl, moduleDots },
        // Four modules of quiet zone, which the printer does not add (ISO/IEC 18004, 6.3.8).
        { kind: 'feed', dots: 4 * moduleDots },
        ...captions.flatMap(text => lines(text, { size: 'normal', bold: false }, setting)),
      ];
    }
    case 'logo': {
      const bitmap = logo(part.widthMm);
      return bitmap ? [{ kind: 'image', bitmap }] : [];
    }
    case 'rule':
      return [{ ...plain, kind: 'line', text: '─'.repeat(Math.floor(columnsOf(model) / 3)) }];
  }
}

const plain: LineStyle = { font: 'a', times: 1, bold: false, reverse: false };

function valueText(of: Extract<TicketPart, { kind: 'value' }>['of'], slip: TicketSlip): string {
  return of === 'issued-at' ? slip.issuedAt : of === 'zone' ? (slip.zone ?? '') : slip[of];
}

function lines(
  text: string,
  { size, bold }: { size: 'small' | 'normal' | 'large'; bold: boolean },
  { model, fit }: Setting,
  most = Number.POSITIVE_INFINITY,
): Block[] {
  const font = size === 'small' ? 'b' : 'a';
  const times = size === 'large' ? 2 : 1;
  const columns = Math.min(Math.floor(columnsOf(model, font) / times), most);
  return wrapEvenly(text, columns, fit).map(line => ({
    ...plain,
    kind: 'line',
    text: line,
    font,
    times,
    bold,
  }));
}

/** The margin keeps the edges readable. */
export function numberTimes(number: string, model: EscposModel, most: number): number {
  return Math.max(1, Math.min(most, Math.floor((columnsOf(model) - 2) / Math.max(1, number.length))));
}

function banner(model: EscposModel): Block {
  const text = ` ${again} `;
  return { ...plain, kind: 'line', text, times: text.length * 2 <= columnsOf(model) ? 2 : 1, reverse: true };
}

export const dotsOf = (mm: number, { dotsPerInch }: EscposModel): number =>
  Math.round((mm * dotsPerInch) / 25.4);
