import { X509Certificate } from 'node:crypto';
import { AppError } from '../../protocol/app-error.ts';
import type { Authority, CertificateWish } from './authority.ts';

const usages: Readonly<Record<string, CertificateWish['usage']>> = {
  '1.3.6.1.5.5.7.3.1': 'tls-server',
  '1.3.6.1.5.5.7.3.2': 'tls-client',
};

/**
 * A certificate for the same key, name and purpose as `old`, PEM, good for `days` from now. That the key is its
 * owner's was shown when the old one was issued. Throws `certificate.unfit` when another authority issued that.
 */
export async function renewCertificate(authority: Authority, old: string, days: number): Promise<string> {
  const unfit = (what: string) => new AppError('certificate.unfit', { what });
  if (!Number.isInteger(days) || days < 1) throw unfit('--days');
  const certificate = readOne(old);
  if (!certificate) throw unfit('PEM');
  const issuer = new X509Certificate(authority.certificate);
  if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey))
    throw unfit(certificate.issuer.replaceAll('\n', ', '));
  const part = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(certificate.subject)?.[1];
  const [organisation, title] = [part('O'), part('title')];
  const names = [...(certificate.subjectAltName ?? '').matchAll(/(?:DNS|IP Address):([^,\s]+)/g)];
  const renewed = await authority.issue({
    commonName: part('CN') ?? '',
    ...(organisation && { organisation }),
    ...(title && { title }),
    usage: usages[certificate.keyUsage?.[0] ?? ''] ?? 'signing',
    names: names.map(([, name]) => name ?? ''),
    publicKey: new Uint8Array(certificate.publicKey.export({ type: 'spki', format: 'der' })),
    days,
  });
  const made = new X509Certificate(renewed.certificate);
  if (made.subject !== certificate.subject) throw unfit(certificate.subject.replaceAll('\n', ', '));
  return renewed.certificate;
}

function readOne(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    // OpenSSL's words for what is no certificate help nobody.
    return undefined;
  }
}
