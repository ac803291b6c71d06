import type { TicketSlip } from '../../driver.ts';
import {
  cancelKanji,
  centre,
  characterSize,
  codePage,
  emphasis,
  feed,
  feedAndPartialCut,
  font,
  initialize,
  lineFeed,
  lineSpacing,
  motionUnits,
  qrCode,
  reverse,
  smoothing,
} from './commands.ts';
import type { EscposModel } from './model.ts';
import { toCp866, transliterate, wrapEvenly } from './text.ts';

const follow = 'Следите за очередью на телефоне';
const again = 'ПОВТОРНАЯ ПЕЧАТЬ';

/** Air between the parts of a ticket, in dots. */
const air = { line: 32, small: 24, part: 36, aroundNumber: 28 };

/**
 * One ticket as ESC/POS bytes, from `ESC @` to the cut. The number is as large as the paper allows, so
 * that it is read at arm's length and across the hall; the rest leads the eye from where, to what, to how long.
 *
 * Throws nothing: whatever the printer's code page lacks is replaced.
 */
export function encodeTicket(slip: TicketSlip, model: EscposModel): Uint8Array {
  const { columns } = model;
  const parts: Iterable<number>[] = [
    initialize,
    cancelKanji,
    codePage(model.codePage),
    motionUnits(model.dotsPerInch),
    centre,
    lineSpacing(air.line),
    model.smoothsLargeText ? smoothing(true) : [],

    slip.reprint ? [...banner(again, columns), ...feed(air.part)] : [],
    emphasis(true),
    ...lines(slip.branch, columns),
    emphasis(false),
    feed(air.part),

    ...lines('Ваш номер', columns),
    feed(air.aroundNumber),
    ...bigNumber(slip.number, columns),
    feed(air.aroundNumber),

    emphasis(true),
    ...lines(slip.service, Math.min(columns, 40)),
    emphasis(false),
    feed(air.part),

    rule(columns),
    feed(air.part - 12),
    ...lines(slip.ahead, columns),
    ...lines(slip.wait, columns),
    feed(air.part),

    ...qr(slip.statusUrl, model),
    font('b'),
    lineSpacing(air.small),
    ...lines(slip.issuedAt, model.smallColumns),
    feedAndPartialCut(model.feedBeforeCutDots),
  ];
  return Uint8Array.from(parts.flatMap(part => [...part]));
}

/** Cuts off a ticket that was left half printed, so that it does not hang on the next person's. */
export function encodeScrapCut(model: EscposModel): Uint8Array {
  const parts = [initialize, motionUnits(model.dotsPerInch), feedAndPartialCut(model.feedBeforeCutDots)];
  return Uint8Array.from(parts.flat());
}

/** Times the font's size: 8 is the most that `GS !` can do; the margin keeps the edges readable. */
export function numberScale(number: string, columns: number): number {
  const length = Math.max(1, transliterate(number).length);
  return Math.max(1, Math.min(8, Math.floor((columns - 2) / length)));
}

function bigNumber(number: string, columns: number): number[][] {
  const scale = numberScale(number, columns);
  const text = transliterate(number).trim();
  return [
    emphasis(true),
    characterSize(scale, scale),
    [...toCp866(text)],
    lineFeed,
    characterSize(1, 1),
    emphasis(false),
  ];
}

function lines(text: string, columns: number): number[][] {
  return wrapEvenly(text, columns).map(line => [...toCp866(line), ...lineFeed]);
}

function rule(columns: number): number[] {
  return [...toCp866('─'.repeat(Math.floor(columns / 3))), ...lineFeed];
}

function banner(text: string, columns: number): number[] {
  const padded = ` ${text} `;
  const scale = padded.length * 2 <= columns ? 2 : 1;
  return [
    ...characterSize(scale, scale),
    ...reverse(true),
    ...toCp866(padded),
    ...lineFeed,
    ...reverse(false),
    ...characterSize(1, 1),
  ];
}

function qr(url: string, model: EscposModel): number[][] {
  if (url === '') return [];
  return [
    qrCode(new TextEncoder().encode(url), model.qrModuleDots),
    // Four modules of quiet zone, which the printer does not add (ISO/IEC 18004, 6.3.8).
    feed(4 * model.qrModuleDots),
    ...lines(follow, model.columns),
    feed(air.part),
  ];
}
