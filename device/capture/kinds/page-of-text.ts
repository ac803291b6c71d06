import type { RecognisedPage } from '../recognised.ts';

/** A page for trying rules on a text alone: its lines evenly down an upright A4 sheet. */
export function pageOfText(text: string): RecognisedPage {
  const lines = text.split('\n');
  // A short text stands in the upper part of its sheet, as on paper.
  const step = 0.9 / Math.max(lines.length, 20);
  const words = lines.flatMap((line, number) =>
    line
      .split(/\s+/)
      .filter(word => word !== '')
      .map((word, at) => ({
        ...{ text: word, confidence: 100, line: number },
        box: { x: at / 40, y: 0.05 + number * step, width: 0.02, height: step / 2 },
      })),
  );
  return { text, width: 1654, height: 2339, words };
}
