import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { readCertificates } from '../../platform/certificates.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Present } from '../journal/clock-trust.ts';
import { whyNotCentre } from './judge-centre.ts';

/** PEM: whom the box believes, and who it is. */
export interface TlsIdentity {
  ca: string;
  cert: string;
  key: string;
}

/** How every connection from the box to the centre is made. */
export interface CentreLine {
  /**
   * Dials `url`. Nothing that is written leaves before the other end has proved to be the centre; otherwise
   * the socket is destroyed with `sync.centre-untrusted`.
   */
  connect(url: string): TLSSocket;
  /** The certificate that the centre showed last, DER. */
  shown(): Uint8Array | undefined;
}

/** More certificates than this are no chain. */
const longestChain = 8;

export function createCentreLine(parts: { tls: TlsIdentity; present: () => Present }): CentreLine {
  const { tls, present } = parts;
  const anchors = readCertificates(tls.ca);
  let shown: Uint8Array | undefined;
  return {
    shown: () => shown,
    connect(url) {
      const { hostname, port, protocol } = new URL(url);
      const host = hostname.replace(/^\[(.*)\]$/, '$1');
      const socket = connect({
        ...tls,
        host,
        port: Number(port || defaultPorts[protocol]),
        ...(isIP(host) === 0 && { servername: host }),
        // Judged below, since OpenSSL knows no clock but the system's.
        rejectUnauthorized: false,
      });
      socket.cork();
      socket.once('secureConnect', () => {
        // Small facts must not wait for the acknowledgement of those before them.
        socket.setNoDelay(true);
        const { authorizationError } = socket;
        // Without an error the types say undefined, and Node says null.
        const fault = authorizationError ? String(authorizationError) : null;
        const chain = chainOf(socket);
        const reason = whyNotCentre({ chain, anchors, host, fault, present: present() });
        if (reason === null) {
          shown = chain[0];
          socket.uncork();
        } else socket.destroy(new AppError('sync.centre-untrusted', { reason }));
      });
      return socket;
    },
  };
}

/** Tells of a time, ISO 8601, whether what answers on this line may have said it: its certificate holds then. */
export function timesOf(socket: TLSSocket): (at: string) => boolean {
  const { raw } = socket.getPeerCertificate();
  const { validFromDate, validToDate } = new X509Certificate(raw);
  return at => {
    const ms = Date.parse(at);
    return validFromDate.getTime() <= ms && ms <= validToDate.getTime();
  };
}

/** Not by `getPeerX509Certificate`, which takes the certificate away from whoever asks next. */
function chainOf(socket: TLSSocket): Uint8Array[] {
  const chain: Uint8Array[] = [];
  let next: Partial<PeerCertificate & { issuerCertificate: PeerCertificate }> =
    socket.getPeerCertificate(true);
  while (next?.raw && chain.length < longestChain) {
    chain.push(next.raw);
    // A root names itself.
    if (next.issuerCertificate === next) break;
    next = next.issuerCertificate ?? {};
  }
  return chain;
}

const defaultPorts: Readonly<Record<string, number>> = { 'https:': 443, 'mqtts:': 8883 };

/** F20: who refused whom. An alert or «not authorized» comes from the centre; a code is our own verdict on what answers. */
export function codeOfLine(error: Error): ErrorCode {
  if (error instanceof AppError) return error.code;
  const text = `${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}`;
  return /alert|not authorized/i.test(text) ? 'sync.identity-refused' : 'sync.centre-unreachable';
}
