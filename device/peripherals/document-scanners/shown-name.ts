import { parse } from 'node:path';

/** Bytes of a kept name: `.reason.json` and a number find room behind it in the 255 of a file system. */
const mostBytes = 200;

/**
 * The name of a file as people see it, from its bytes. Older devices and archives write Windows-1251; what
 * cannot be seen, or turns the direction of what follows, is replaced, and a very long one is shortened
 * before its ending.
 */
export function shownName(bytes: Uint8Array): string {
  const { name, ext } = parse(decode(bytes).replace(/[\p{C}/]/gu, '_'));
  const room = mostBytes - Buffer.byteLength(ext);
  return room > 0 ? cut(name, room) + ext : cut(name + ext, mostBytes);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1251').decode(bytes);
  }
}

/** As many whole characters as fit. */
function cut(text: string, mostBytesOfIt: number): string {
  let sizeBytes = 0;
  let kept = '';
  for (const character of text) {
    sizeBytes += Buffer.byteLength(character);
    if (sizeBytes > mostBytesOfIt) break;
    kept += character;
  }
  return kept;
}
