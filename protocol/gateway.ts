import Type, { type Static } from 'typebox';
import { Blob, Id, Instant, Key } from './values.ts';

/**
 * Okno's own exchange profile with an agency's system (LED-3.9): HTTPS with certificates on both sides,
 * JSON and ASiC-E. The agency's system is the server; it answers at once with an acknowledgement and
 * works later. The centre polls for events and acknowledges them only when they are stored.
 *
 * | call | meaning |
 * |---|---|
 * | `HEAD /gateway/1/content/{sha256}` | 200 when the package is there already: it need not travel again; else 404 |
 * | `PUT /gateway/1/content/{sha256}` | bytes of the package, `Content-Length` set; 201, or 200 when it was there |
 * | `POST /gateway/1/requests` | `GatewayRequest` → 202 `GatewayAck`; a repeat with the same id gets the same answer; 409 when the content is missing |
 * | `GET /gateway/1/events?after=N` | `{events: GatewayEvent[]}`, at most `gatewayEventsPerAnswer`, in order |
 * | `POST /gateway/1/events/ack` | `{upTo}` → 204: the agency need not repeat them |
 * | `POST /gateway/1/events/{seq}/refusal` | `GatewayRefusal` → 204: the centre did not accept a result (LED-3.12) |
 * | `GET /gateway/1/content/{sha256}` | bytes of a result |
 *
 * 422 with a `GatewayRefusal` is the only way to refuse a package for good. Every other answer that is not
 * in the table (a wrong address, a broken proxy, 5xx, bytes that arrived changed: 400) is a fault that
 * passes, and the call is repeated for ever: a misconfigured line must never end a citizen's case.
 */
export const GatewayRequest = Type.Object({
  requestId: Id,
  caseNumber: Type.String({ minLength: 1, maxLength: 100 }),
  serviceId: Key,
  branchId: Key,
  sentAt: Instant,
  package: Blob,
});
export type GatewayRequest = Static<typeof GatewayRequest>;

export const GatewayAck = Type.Object({
  requestId: Id,
  registrationNumber: Type.String({ minLength: 1, maxLength: 100 }),
  receivedAt: Instant,
});
export type GatewayAck = Static<typeof GatewayAck>;

export const GatewayEvent = Type.Object({
  seq: Type.Integer({ minimum: 1 }),
  requestId: Id,
  at: Instant,
  /** `accepted`, `in-work`, `ready`, `refused` or another word of the agency. */
  status: Key,
  note: Type.Optional(Type.String({ maxLength: 500 })),
  /**
   * With `ready`: an ASiC-E container with the officer's signature beside each document. If its
   * `application.json` has `requestId` or `caseNumber`, they must be those of the request.
   */
  result: Type.Optional(Blob),
});
export type GatewayEvent = Static<typeof GatewayEvent>;

export const gatewayEventsPerAnswer = 100;

export const GatewayEventsAck = Type.Object({ upTo: Type.Integer({ minimum: 0 }) });

/** `code` is a word of the side that refuses: one of ours when the centre refuses, any when the agency does. */
export const GatewayRefusal = Type.Object({
  code: Type.String({ minLength: 1, maxLength: 100 }),
  reason: Type.String({ maxLength: 500 }),
});
export type GatewayRefusal = Static<typeof GatewayRefusal>;
