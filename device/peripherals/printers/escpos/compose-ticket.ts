import type { TicketTemplate } from '../../../../protocol/ticket-template.ts';
import type { TicketSlip } from '../../driver.ts';
import { type Bitmap, bitmapOf } from './bitmap.ts';
import { drawTicket } from './draw-ticket.ts';
import { encodeDrawnTicket, encodeTicket } from './encode-ticket.ts';
import { dotsOf, layTicket } from './layout.ts';
import type { EscposModel } from './model.ts';

/**
 * A ticket by its template, as the bytes of its printer. A logo that is no picture is left out: it was
 * refused when the template was saved, and a damaged file must not stop the queue.
 */
export async function composeTicket(
  slip: TicketSlip,
  template: TicketTemplate,
  model: EscposModel,
): Promise<Uint8Array> {
  const look = slip.parts ? { ...template, parts: slip.parts } : template;
  const blocks = layTicket(slip, look, model, await logosOf(template, model));
  return template.mode === 'text'
    ? encodeTicket(blocks, model)
    : encodeDrawnTicket(await drawTicket(blocks, model), model);
}

/** The same ticket dot by dot. In raster mode these are the very dots that are sent. */
export async function previewTicket(
  slip: TicketSlip,
  template: TicketTemplate,
  model: EscposModel,
): Promise<Bitmap> {
  return drawTicket(layTicket(slip, template, model, await logosOf(template, model)), model);
}

type Logos = ReadonlyMap<number, Bitmap>;

/** Making dots of a logo takes longer than the whole ticket; a template is replaced, never changed. */
const drawn = new WeakMap<TicketTemplate, Map<string, Promise<Logos>>>();

async function logosOf(template: TicketTemplate, model: EscposModel) {
  const known = drawn.get(template) ?? new Map<string, Promise<Logos>>();
  drawn.set(template, known);
  const logos = known.get(model.id) ?? drawLogos(template, model);
  known.set(model.id, logos);
  const ready = await logos;
  return (widthMm: number) => ready.get(widthMm);
}

async function drawLogos({ logo, parts }: TicketTemplate, model: EscposModel): Promise<Logos> {
  const logos = new Map<number, Bitmap>();
  if (logo === '') return logos;
  for (const part of parts)
    if (part.kind === 'logo') {
      const widthDots = Math.min(dotsOf(part.widthMm, model), model.widthDots);
      const bitmap = await bitmapOf(Buffer.from(logo, 'base64'), widthDots).catch(() => undefined);
      if (bitmap) logos.set(part.widthMm, bitmap);
    }
  return logos;
}
