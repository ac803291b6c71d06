import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import type { Write } from '../protocol/package/byte-source.ts';

/**
 * A stream of what `bring` writes, as fast as it is read. `done` is called once when the last byte was taken, when
 * `bring` threw, which ends the stream with its error, or when the reader went away.
 */
export function writtenStream(bring: (write: Write) => Promise<void>, done: () => void): Readable {
  const stream = new PassThrough();
  const write: Write = async bytes => {
    // A piece is good only until the next one: what waits in the stream is a copy.
    if (!stream.destroyed && stream.write(Uint8Array.from(bytes))) return;
    const isOpen = !stream.destroyed && (await Promise.race([open(once(stream, 'drain')), closed]));
    if (!isOpen) throw new ReaderGone();
  };
  const closed = once(stream, 'close').then(
    () => false,
    () => false,
  );
  bring(write)
    .then(
      () => void stream.end(),
      (error: unknown) => void stream.destroy(error instanceof ReaderGone ? undefined : (error as Error)),
    )
    .finally(done);
  return stream;
}

const open = (event: Promise<unknown>) =>
  event.then(
    () => true,
    () => false,
  );

class ReaderGone extends Error {}
