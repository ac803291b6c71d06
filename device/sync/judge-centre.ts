import { X509Certificate } from 'node:crypto';
import { checkServerIdentity } from 'node:tls';
import { readCertificate, type X509 } from '../../protocol/signature/certificate.ts';
import { whyNotTrusted } from '../../protocol/signature/certificate-path.ts';
import { FormatError } from '../../protocol/signature/der.ts';
import type { Present } from '../journal/clock-trust.ts';

/** id-kp-serverAuth, RFC 5280 section 4.2.1.12. */
const serverAuthentication = '1.3.6.1.5.5.7.3.1';

/**
 * Judges what answers in the centre's place: null, or why it is not the centre. Where the system's verdict
 * rests on the wall clock, which may say 1970 or 2099 (F07), the same certificates are judged for the present
 * that is known. What the wall clock likes is refused when its term had ended before.
 */
export function whyNotCentre(parts: {
  /** The server's own certificate first, then what it sent with it. DER. */
  chain: readonly Uint8Array[];
  anchors: readonly Uint8Array[];
  /** Name or address that was dialled. */
  host: string;
  /** What the system says of it by the wall clock; null when it is content. */
  fault: string | null;
  present: Present;
}): string | null {
  const { chain, host, fault, present } = parts;
  const [own, ...others] = readAll(chain);
  if (!own || !chain[0]) return fault ?? 'NO_CERTIFICATE';
  if (own.notAfter.getTime() < present.ms) return 'CERT_HAS_EXPIRED';
  if (fault === null) return null;
  if (!clockFaults.has(fault)) return fault;
  // OpenSSL tells the last fault it met, so that of the clock may hide another: everything is judged anew.
  if (checkServerIdentity(host, new X509Certificate(chain[0]).toLegacyObject()))
    return 'ERR_TLS_CERT_ALTNAME_INVALID';
  const purposes = own.extendedKeyUsage?.purposes;
  if (purposes && !purposes.has(serverAuthentication)) return 'INVALID_PURPOSE';
  const at = present.isTold ? present.ms : Math.max(present.ms, own.notBefore.getTime());
  return whyNotTrusted(own, others, readAll(parts.anchors), new Date(at)) === null ? null : fault;
}

const clockFaults = new Set(['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED']);

function readAll(certificates: readonly Uint8Array[]): X509[] {
  return certificates.flatMap(der => {
    try {
      return [readCertificate(der)];
    } catch (error) {
      if (error instanceof FormatError) return [];
      throw error;
    }
  });
}
