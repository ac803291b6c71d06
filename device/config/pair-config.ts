import Type, { type Static } from 'typebox';
import { Key } from '../../protocol/values.ts';

/** What a box must know of the other box of its branch: `pair` in `box.json` (ADR 46). */
export const PairConfig = Type.Object({
  /** 0: the hub from the beginning; 1: the spare. Decides which numbers this box gives, whoever is the hub. */
  series: Type.Union([Type.Literal(0), Type.Literal(1)]),
  /** The other box, and this box's log-in there (role `spare`, named like this box). */
  box: Key,
  url: Type.String({ pattern: '^https?://' }),
  password: Type.String({ minLength: 1 }),
});
export type PairConfig = Static<typeof PairConfig>;
