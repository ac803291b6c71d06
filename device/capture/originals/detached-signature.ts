import { limits } from '../../../protocol/limits.ts';

/** Object identifier of SignedData (RFC 5652 section 5.1): it stands right behind the outer header. */
const signedData = Buffer.from('06092a864886f70d010702', 'hex');
const headerBytes = 16;

/** The DER or BER of a detached signature; programs write it as it is, in base64, or with the lines of PEM. Undefined for anything else. */
export function readDetachedSignature(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length === 0 || bytes.length > limits.signatureBytes) return undefined;
  if (isSignedData(bytes)) return bytes;
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replace(/-----[A-Z0-9 ]+-----/g, '')
    .replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const decoded = Buffer.from(text, 'base64');
  return isSignedData(decoded) ? decoded : undefined;
}

function isSignedData(bytes: Uint8Array): boolean {
  return bytes[0] === 0x30 && Buffer.from(bytes.subarray(0, headerBytes)).includes(signedData);
}
