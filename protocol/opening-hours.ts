import Type, { type Static } from 'typebox';
import { Hours } from './appointments/timetable.ts';

/**
 * When a branch receives people, or some of its windows do. The forecast counts with it; nobody is refused for
 * it, since a hall that is late goes on until its line is empty.
 */
export const OpeningHours = Type.Object({
  /** Hours by weekday, Monday first; breaks are the gaps between them. An empty list is a day off. */
  week: Type.Array(Type.Array(Hours), { minItems: 7, maxItems: 7 }),
  /** Without it, of all windows that are named in no other. */
  windows: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 8 }))),
});
export type OpeningHours = Static<typeof OpeningHours>;
