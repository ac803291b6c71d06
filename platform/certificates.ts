import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** The certificates of a PEM file, DER. */
export async function readAnchors(path: string): Promise<Uint8Array[]> {
  return readCertificates(await readFile(path, 'utf8'));
}

/** The certificates of a PEM text, DER. */
export function readCertificates(pem: string): Uint8Array[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map(block => new X509Certificate(block).raw);
}

/** The three PEM texts of one end of a TLS connection. */
export async function readTlsIdentity(paths: {
  ca: string;
  cert: string;
  key: string;
}): Promise<{ ca: string; cert: string; key: string }> {
  const [ca, cert, key] = await Promise.all([
    readFile(paths.ca, 'utf8'),
    readFile(paths.cert, 'utf8'),
    readFile(paths.key, 'utf8'),
  ]);
  return { ca, cert, key };
}
