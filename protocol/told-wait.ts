import Type, { type Static } from 'typebox';

const Seconds = Type.Integer({ minimum: 0, maximum: 10_000_000 });

/** What a person was told when they took a ticket, and what it was made of (ADR 42). Seconds from then. */
export const ToldWait = Type.Object({
  /** Four waits of five are to end between these two. */
  fromSeconds: Seconds,
  toSeconds: Seconds,
  /** P50 and P80 of the replay. */
  usualSeconds: Seconds,
  lateSeconds: Seconds,
  /** People who were before them, and windows that were open. */
  ahead: Type.Integer({ minimum: 0 }),
  windows: Type.Integer({ minimum: 0 }),
});
export type ToldWait = Static<typeof ToldWait>;
