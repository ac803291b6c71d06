import { FormatError } from './der.ts';

const label = /-----BEGIN ([A-Z0-9 #]+)-----([^-]*)-----END \1-----/g;
const messageLabels = new Set(['PKCS7', 'CMS', 'PKCS #7 SIGNED DATA', 'SIGNED MESSAGE', 'SIGNATURE']);

/**
 * The bytes of a message that may come as they are, as PEM under any of the labels in use, or as plain
 * base64, which CryptoPro's programs write.
 * @throws FormatError when it is text and none of these
 */
export function messageBytes(source: Uint8Array): Uint8Array {
  if (source[0] === 0x30) return source;
  const text = Buffer.from(source.buffer, source.byteOffset, source.length).toString('latin1');
  const blocks = [...text.matchAll(label)].filter(([, name = '']) => messageLabels.has(name));
  const [block, ...others] = blocks;
  if (others.length > 0) throw new FormatError('several messages in one file');
  return base64(block?.[2] ?? text.replace(/^\u00ef\u00bb\u00bf/, ''));
}

/** The blocks with one of these labels in PEM text, such as CERTIFICATE. */
export function pemBlocks(source: Uint8Array, names: readonly string[]): Uint8Array[] {
  const text = Buffer.from(source).toString('latin1');
  return [...text.matchAll(label)]
    .filter(([, name = '']) => names.includes(name))
    .map(([, , body = '']) => base64(body));
}

function base64(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, '');
  if (digits === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(digits) || digits.length % 4 === 1)
    throw new FormatError('not a message');
  return Buffer.from(digits, 'base64');
}
