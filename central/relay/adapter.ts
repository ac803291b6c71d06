import type { Readable } from 'node:stream';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { GatewayAck, GatewayEvent, GatewayRefusal, GatewayRequest } from '../../protocol/gateway.ts';
import type { Blob } from '../../protocol/values.ts';

/**
 * What became of one attempt. `refused` is the agency's own word and final; `unreachable` is any fault of
 * the line or of the system behind it, and the same attempt is repeated until it is answered (RSX-queue).
 */
export type SendOutcome =
  | { kind: 'accepted'; ack: GatewayAck }
  | { kind: 'refused'; code: ErrorCode; reason: string }
  | { kind: 'unreachable'; reason: string };

/**
 * The seam to one agency's system. The agreement decides the format (LED-3.9); the relay knows only this.
 *
 * Every call may be repeated. All but `send` reject with `relay.agency-unreachable` when the agency did
 * not answer as agreed; nothing was changed then.
 */
export interface AgencyAdapter {
  /**
   * Passes a package on. A repeat with the same `requestId` is the same request to the agency.
   * `openPackage` may be called not at all or more than once, and each time gives the bytes from the start.
   * Throws `journal.blob-corrupt` when they are not the ones that the request names.
   */
  send(request: GatewayRequest, openPackage: () => Readable): Promise<SendOutcome>;
  /** The oldest events with a number above `after`, ascending, each once. Empty: nothing new. */
  events(after: number): Promise<GatewayEvent[]>;
  /** Tells the agency that events up to this number are stored for good. */
  acknowledge(upTo: number): Promise<void>;
  /**
   * Brings the bytes of a result, piece by piece, waiting for `take`. They are checked only when all are
   * here: whoever takes them drops them when this rejects. Throws `sync.content-mismatch` when size or
   * digest differ, `internal.too-large` when the announced size is beyond `limits.packageBytes`; what
   * `take` throws passes through.
   */
  fetchContent(blob: Blob, take: (chunk: Uint8Array) => void | Promise<void>): Promise<void>;
  /** Tells the agency that the result in this event was not accepted, and why (LED-3.12). */
  refuse(seq: number, refusal: GatewayRefusal): Promise<void>;
  /** Closes the idle connections. */
  close(): void;
}
