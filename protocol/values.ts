import Type, { type Static } from 'typebox';

/** Lower-case hexadecimal SHA-256 of a blob. */
export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });

const day = '\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])';

/** A day of somebody's calendar, YYYY-MM-DD. There may be no such day, like 31 November, but `Date` reads each. */
export const Day = Type.String({ pattern: `^${day}$` });

/** A point in time: ISO 8601 in UTC with milliseconds, as `Date.toISOString` writes it. `Date` reads each. */
export const Instant = Type.String({
  pattern: `^${day}T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{3}Z$`,
});

/** A running number of a journal or a log; a larger one would lose digits in JSON and in SQLite. */
export const Seq = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** How far something has come: a number of a journal, or 0. */
export const Mark = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** An identifier of its own (UUID); those of pages begin with the time. */
export const Id = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
});

/** How far a page is turned from how it was scanned, in degrees clockwise. */
export const Turn = Type.Union([Type.Literal(0), Type.Literal(90), Type.Literal(180), Type.Literal(270)]);
export type Turn = Static<typeof Turn>;

/** A short readable key chosen by people: `passport-issue`, `mfc-041`. */
export const Key = Type.String({ pattern: '^[a-z0-9][a-z0-9.-]{0,63}$' });

/** Code of the error table, as it stands in records. */
export const ErrorCodeText = Type.String({ pattern: '^[a-z-]+\\.[a-z-]+$' });

export const Text = Type.Object({
  ru: Type.String({ minLength: 1, maxLength: 500 }),
  en: Type.String({ minLength: 1, maxLength: 500 }),
});
export type Text = Static<typeof Text>;

/** Content-addressed bytes: a page, a PDF, a signature, a package. */
export const Blob = Type.Object({
  sha256: Sha256,
  sizeBytes: Type.Integer({ minimum: 1 }),
  mediaType: Type.String({ minLength: 1, maxLength: 100 }),
});
export type Blob = Static<typeof Blob>;
