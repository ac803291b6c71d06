import Type from 'typebox';
import { Key, Mark } from './values.ts';

const Term = Type.Integer({ minimum: 1 });

/** Facts of a branch with two boxes (ADR 46). Subject is the box that writes. */
export const hubFactBodies = {
  /** A technician made this box the hub. `tickets` of `from` that were not at their end go on in this journal. */
  'hub.took-over': Type.Object({ term: Term, from: Key, tickets: Mark }),
  /** This box heard that another one is the hub, and gives no more numbers. */
  'hub.replaced': Type.Object({ term: Term, by: Key }),
} as const;
