import Type, { type Static } from 'typebox';
import { Key } from '../../protocol/values.ts';

/** The public screens of the branch: `screens` in `box.json`. All of it may be left out. */
export const ScreensConfig = Type.Object({
  /** Languages that kiosk and phone offer, the first one first. */
  languages: Type.Optional(Type.Array(Key, { minItems: 1, uniqueItems: true })),
  /** CSS pixels in a millimetre of the kiosk's screen; 27 inches upright with 1080 × 1920 have 3.2. */
  pixelsPerMm: Type.Optional(Type.Number({ minimum: 2, maximum: 12 })),
  /** Folder with pictures and films for the boards. */
  mediaDir: Type.Optional(Type.String({ minLength: 1 })),
});
export type ScreensConfig = Static<typeof ScreensConfig>;

export const usualLanguages = ['ru', 'en', 'tt'];
export const usualPixelsPerMm = 3.2;
