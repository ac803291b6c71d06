import type { Engine } from '../engines/engine.ts';
import type { EngineWord } from '../engines/tsv.ts';
import type { Grey } from '../steps/grey.ts';

/** A line for machines has 30, 36 or 44 signs; fillers may be lost or run together. */
const fewestSigns = 24;
/** So many fillers no other print has. */
const fewestFillers = 3;
const mostLines = 6;
/** Into which the engine may cut one such line. */
const mostWords = 4;

interface Rectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Words of a page, lines for machines (ICAO Doc 9303-3) read once more where the engine saw signs in them that they
 * cannot have: with both languages to choose from it takes Latin letters for Russian ones (ADR 65).
 * The better of both readings is kept, as a whole.
 */
export async function withZoneAgain(
  engine: Engine,
  { grey, dpi }: { grey: Grey; dpi: number },
  words: readonly EngineWord[],
): Promise<EngineWord[]> {
  const lines = [...Map.groupBy(words, word => word.line).values()].filter(isZoneLine);
  if (lines.length === 0 || lines.length > mostLines || lines.every(line => strangeSigns(line) === 0))
    return [...words];
  const zone = zoneAround(words, lines, grey);
  const inZone = words.filter(word => isInside(word, zone));
  const reading = await engine.readLatin(cutOut(grey, zone), dpi);
  if (reading.kind !== 'read') return [...words];
  const found = reading.words.map(word => ({ ...word, text: withFillers(word.text) }));
  if (!isBetter(found, inZone)) return [...words];
  const line = Math.max(...words.map(word => word.line)) + 1;
  const block = Math.max(...words.map(word => word.block)) + 1;
  const again = found.map(word => ({
    ...word,
    ...{ left: word.left + zone.left, top: word.top + zone.top },
    ...{ line: word.line + line, block: word.block + block },
  }));
  const at = words.findIndex(word => isInside(word, zone));
  const left = words.filter(word => !isInside(word, zone));
  return [...left.slice(0, at), ...again, ...left.slice(at)];
}

/** A run of fillers, some of which the engine took for small letters of their shape. */
const withFillers = (text: string) => text.replace(/<[<ceo]+/g, run => '<'.repeat(run.length));

const textOf = (line: readonly EngineWord[]) => line.map(({ text }) => text).join('');

/** Guillemets in Russian print come in pairs; the engine takes two fillers for the opening one. */
function isZoneLine(line: readonly EngineWord[]): boolean {
  const text = textOf(line);
  const fillers = text.replaceAll('«', '<<').split('<').length - 1;
  const isSolid = line.length <= mostWords && text.length >= fewestSigns;
  return isSolid && !text.includes('»') && fillers >= fewestFillers && text.includes('<');
}

const strangeSigns = (line: readonly EngineWord[]) => textOf(line).replace(/[A-Z0-9<]/g, '').length;

/** The better reading has as many signs and fewer of them strange. */
function isBetter(again: readonly EngineWord[], before: readonly EngineWord[]): boolean {
  const proper = (line: readonly EngineWord[]) => textOf(line).length - strangeSigns(line);
  return proper(again) > proper(before) && strangeSigns(again) < strangeSigns(before);
}

/** The lines, with those beside them that are as long and of as many signs, and some white around. */
function zoneAround(words: readonly EngineWord[], lines: EngineWord[][], grey: Grey): Rectangle {
  const height = Math.max(...lines.flat().map(word => word.height));
  const sizes = lines.map(boxOf);
  const [left, right] = [Math.min(...sizes.map(box => box.left)), Math.max(...sizes.map(box => box.right))];
  let [top, bottom] = [Math.min(...sizes.map(box => box.top)), Math.max(...sizes.map(box => box.bottom))];
  for (const line of Map.groupBy(words, word => word.line).values()) {
    const box = boxOf(line);
    const isAsLong = Math.abs(box.left - left) < height && Math.abs(box.right - right) < 2 * height;
    const isNear = box.bottom > top - 1.5 * height && box.top < bottom + 1.5 * height;
    if (!isAsLong || !isNear || line.length > mostWords || textOf(line).length < fewestSigns) continue;
    [top, bottom] = [Math.min(top, box.top), Math.max(bottom, box.bottom)];
  }
  return {
    left: Math.max(0, Math.round(left - height)),
    top: Math.max(0, Math.round(top - height / 3)),
    right: Math.min(grey.width, Math.round(right + height)),
    bottom: Math.min(grey.height, Math.round(bottom + height / 3)),
  };
}

function boxOf(line: readonly EngineWord[]): Rectangle {
  return {
    left: Math.min(...line.map(word => word.left)),
    top: Math.min(...line.map(word => word.top)),
    right: Math.max(...line.map(word => word.left + word.width)),
    bottom: Math.max(...line.map(word => word.top + word.height)),
  };
}

function isInside({ left, top, width, height }: EngineWord, zone: Rectangle): boolean {
  const [x, y] = [left + width / 2, top + height / 2];
  return x > zone.left && x < zone.right && y > zone.top && y < zone.bottom;
}

function cutOut({ data, width }: Grey, { left, top, right, bottom }: Rectangle): Grey {
  const cut = {
    data: new Uint8Array((right - left) * (bottom - top)),
    width: right - left,
    height: bottom - top,
  };
  for (let y = top; y < bottom; y++)
    cut.data.set(data.subarray(y * width + left, y * width + right), (y - top) * cut.width);
  return cut;
}
