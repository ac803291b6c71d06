import Type, { type Static } from 'typebox';
import { Key } from '../../protocol/values.ts';

/** The public screens of the branch: `screens` in `box.json`. All of it may be left out. */
export const ScreensConfig = Type.Object({
  /** Languages that kiosk and phone offer, the first one first. */
  languages: Type.Optional(Type.Array(Key, { minItems: 1, uniqueItems: true })),
  /** Folder with pictures and films for the boards. */
  mediaDir: Type.Optional(Type.String({ minLength: 1 })),
  /**
   * By which a kiosk that is not the box itself shows that it is one: `/kiosk/start?key=…`. Only then it hears
   * what its code scanner reads.
   */
  kioskKey: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{20,200}$' })),
});
export type ScreensConfig = Static<typeof ScreensConfig>;

export const usualLanguages = ['ru', 'en', 'tt'];
