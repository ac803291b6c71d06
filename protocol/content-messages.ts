import Type, { type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { AppError } from './app-error.ts';
import { Blob } from './values.ts';

/*
 * Content over MQTT (docs/adr/0014). A message is the length of its head in two bytes (big-endian), the
 * head as JSON, and the bytes of the range. A request that got no answer is made again: all may be repeated.
 */

const Place = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Range = Type.Object({ start: Place, end: Place });

/** Box → centre. `put` is followed by the bytes of the range; `missing` has no use for one. */
export const ContentRequest = Type.Object({
  v: Type.Integer({ minimum: 1 }),
  /** Comes back with the answer. */
  id: Place,
  do: Type.Union([Type.Literal('missing'), Type.Literal('put'), Type.Literal('get')]),
  blob: Blob,
  range: Range,
});
export type ContentRequest = Static<typeof ContentRequest>;

/** Centre → box. After a `get` the bytes follow; `code` says why there is nothing else. */
export const ContentAnswer = Type.Object({
  v: Type.Integer({ minimum: 1 }),
  id: Place,
  state: Type.Optional(Type.Union([Type.Literal('part'), Type.Literal('complete')])),
  missing: Type.Optional(Type.Array(Range)),
  code: Type.Optional(Type.String()),
});
export type ContentAnswer = Static<typeof ContentAnswer>;

const headLengthBytes = 2;
const requests = Compile(ContentRequest);
const answers = Compile(ContentAnswer);

export function encodeContent(head: ContentRequest | ContentAnswer, bytes?: Uint8Array): Buffer {
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(headLengthBytes);
  length.writeUInt16BE(text.length);
  return Buffer.concat(bytes ? [length, text, bytes] : [length, text]);
}

/** Throws `internal.bad-request`. */
export const decodeContentRequest = (message: Buffer) => decode<typeof ContentRequest>(requests, message);

/** Throws `internal.bad-request`. */
export const decodeContentAnswer = (message: Buffer) => decode<typeof ContentAnswer>(answers, message);

function decode<S extends TSchema>(
  shape: { Check(value: unknown): boolean },
  message: Buffer,
): { head: Static<S>; bytes: Buffer } {
  try {
    const end = headLengthBytes + message.readUInt16BE(0);
    const head: unknown = JSON.parse(message.toString('utf8', headLengthBytes, end));
    if (shape.Check(head)) return { head: head as Static<S>, bytes: message.subarray(end) };
  } catch (cause) {
    throw new AppError('internal.bad-request', { what: 'content message' }, { cause });
  }
  throw new AppError('internal.bad-request', { what: 'content message shape' });
}
