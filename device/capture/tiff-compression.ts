const compressionTag = 259;
const entryBytes = 12;

/** The compression of a TIFF's first page (TIFF 6.0, section 2, tag 259); undefined for what is no TIFF. */
export function tiffCompression(bytes: Uint8Array): number | undefined {
  const mark = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  if (mark !== 'II*\0' && mark !== 'MM\0*') return undefined;
  const little = mark.startsWith('I');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 8) return 1;
  const directory = view.getUint32(4, little);
  if (directory + 2 > bytes.length) return 1;
  const count = view.getUint16(directory, little);
  for (let entry = 0; entry < count; entry++) {
    const at = directory + 2 + entry * entryBytes;
    if (at + entryBytes > bytes.length) break;
    if (view.getUint16(at, little) === compressionTag) return view.getUint16(at + 8, little);
  }
  return 1;
}
