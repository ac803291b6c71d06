import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { type ByteSource, piecesIn } from './byte-source.ts';
import { malformed } from './malformed.ts';
import { isZlibRefusal, type ZipFile } from './zip-reader.ts';

/**
 * The content of a file piece by piece, so that a large one is never held whole. Sizes and checksum are
 * checked on the way: what was yielded counts only when the end comes without an exception. A piece is good
 * until the next one.
 * @throws AppError `package.malformed`
 */
export async function* piecesOf(source: ByteSource, file: ZipFile): AsyncGenerator<Uint8Array> {
  let crc = 0;
  let size = 0;
  for await (const piece of file.stored ? dataOf(source, file) : inflated(source, file)) {
    size += piece.length;
    if (size > file.size) throw malformed('compressed-data');
    crc = crc32(piece, crc);
    yield piece;
  }
  if (size !== file.size || crc !== file.crc) throw malformed('checksum');
}

async function* inflated(source: ByteSource, file: ZipFile): AsyncGenerator<Uint8Array> {
  const inflater = createInflateRaw();
  const data = Readable.from(copiesOf(dataOf(source, file)));
  data.on('error', error => inflater.destroy(error));
  try {
    yield* data.pipe(inflater);
  } catch (error) {
    if (isZlibRefusal(error)) throw malformed('compressed-data');
    throw error;
  } finally {
    data.destroy();
    inflater.destroy();
  }
  if (inflater.bytesWritten !== file.compressedSize) throw malformed('bytes-after-compressed-data');
}

/** The stream reads ahead. */
function* copiesOf(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const piece of pieces) yield Uint8Array.from(piece);
}

function dataOf(source: ByteSource, { dataOffset, compressedSize }: ZipFile): Generator<Uint8Array> {
  return piecesIn(source, { offset: dataOffset, length: compressedSize });
}
