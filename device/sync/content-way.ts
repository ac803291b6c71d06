import type { ByteRange } from '../../protocol/content.ts';
import type { Blob } from '../../protocol/values.ts';

/**
 * A way for content between box and centre. Both implementations pass one suite
 * (`test/contract/sync-content.test.ts`). Everything may be repeated. Throws `sync.centre-unreachable` when
 * nothing gets through, and what the centre refuses with `by: 'centre'` in its details.
 */
export interface ContentWay {
  readonly name: 'https' | 'mqtt';
  /** What the centre lacks of it. */
  missing(blob: Blob): Promise<'complete' | ByteRange[]>;
  /** Brings a range. `onSent` is called when the bytes are out of the program and another range may be sent. */
  put(blob: Blob, range: ByteRange, bytes: Buffer, onSent: () => void): Promise<'part' | 'complete'>;
  get(blob: Blob, range: ByteRange): Promise<Buffer>;
  close(): void;
}
