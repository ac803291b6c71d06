import Type, { type Static } from 'typebox';

/** How the agency behaves; every member can be switched while it runs. */
export const Mode = Type.Object({
  /** What becomes of a request: a good result, one of four that the centre must not accept, or a refusal. */
  results: Type.Union([
    Type.Literal('signed'),
    Type.Literal('unsigned'),
    Type.Literal('broken-signature'),
    Type.Literal('wrong-officer'),
    Type.Literal('refuse-package'),
  ]),
  /** `true`: nobody listens at the port. `busy`: every call is answered with 503. */
  down: Type.Union([Type.Boolean(), Type.Literal('busy')]),
  /** Milliseconds between having done what a PUT or POST asks and answering it. */
  slowMs: Type.Integer({ minimum: 0 }),
  events: Type.Union([
    Type.Literal('ordered'),
    Type.Literal('duplicated'),
    Type.Literal('shuffled'),
    Type.Literal('malformed'),
    Type.Literal('unreachable'),
  ]),
  /** Fetched content has its first byte changed, or lacks its last one, or stops half way and stays so. */
  corruptContent: Type.Union([Type.Boolean(), Type.Literal('short'), Type.Literal('stalled')]),
  /** A refused result is made anew, as an agency does that mended its mistake. */
  remakeRefused: Type.Boolean(),
});
export type Mode = Static<typeof Mode>;

export const ModeChange = Type.Partial(Mode);

export const goodMode: Mode = {
  results: 'signed',
  down: false,
  slowMs: 0,
  events: 'ordered',
  corruptContent: false,
  remakeRefused: false,
};
