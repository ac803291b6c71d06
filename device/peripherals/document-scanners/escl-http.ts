import { type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent, request as requestHttps } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { AppError } from '../../../protocol/app-error.ts';
import type { CertificatePin } from './certificate-pin.ts';

export interface EsclAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export interface EsclRequest {
  method: 'GET' | 'POST' | 'DELETE';
  url: URL;
  /** XML. */
  body?: string;
  /** Milliseconds until the whole answer is here. */
  timeoutMs: number;
  mostBytes: number;
  signal: AbortSignal;
}

/** Without sessions that are taken up again: those come without a certificate to look at. */
const agent = new Agent({ maxCachedSessions: 0 });

/**
 * One exchange with a scanner. Throws `scanner.absent` when nothing answers, `scanner.timeout`,
 * `scanner.certificate-changed`, `capture.too-large`, or what the signal says when it is aborted.
 */
export async function exchange(wish: EsclRequest, pin: CertificatePin): Promise<EsclAnswer> {
  const deadline = AbortSignal.timeout(wish.timeoutMs);
  try {
    const response = await send(wish, AbortSignal.any([wish.signal, deadline]));
    if (wish.url.protocol === 'https:') {
      const { fingerprint256 } = (response.socket as TLSSocket).getPeerCertificate();
      await pin.check(fingerprint256 ?? '').catch(error => {
        response.destroy();
        throw error;
      });
    }
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > wish.mostBytes) throw new AppError('capture.too-large', { sizeBytes });
      chunks.push(chunk);
    }
    if (!response.complete) throw new AppError('scanner.fault', { at: 'answer', why: 'cut off' });
    return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
  } catch (error) {
    wish.signal.throwIfAborted();
    if (error instanceof AppError) throw error;
    if (deadline.aborted) throw new AppError('scanner.timeout', {}, { cause: error });
    throw new AppError('scanner.absent', { host: wish.url.host }, { cause: error });
  }
}

function send({ method, url, body }: EsclRequest, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers =
      body === undefined ? {} : { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) };
    const options = { method, signal, headers };
    // What the device signed itself nobody else vouches for; its certificate is compared with the first one.
    const request =
      url.protocol === 'https:'
        ? requestHttps(url, { ...options, agent, rejectUnauthorized: false })
        : requestHttp(url, options);
    request.once('response', resolve);
    request.once('error', reject);
    request.end(body);
  });
}
