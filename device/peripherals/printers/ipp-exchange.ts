import { request } from 'node:http';
import { AppError } from '../../../protocol/app-error.ts';
import { decodeIpp, IppSyntaxError } from './ipp-decode.ts';
import { encodeIpp } from './ipp-encode.ts';
import type { IppMessage } from './ipp-message.ts';

/** Attributes of a real printer are below 100 KiB; the limit stops a device that never ends its answer. */
const answerBytes = 1024 * 1024;

/**
 * One request and its answer over HTTP (RFC 8010 section 4). Throws `printer.document-offline` when the
 * request cannot have been carried out, `printer.document-unconfirmed` when it may have been (all of it
 * was sent and no usable answer came), `printer.job-refused` when the printer's HTTP server declined.
 */
export async function exchangeIpp(
  url: URL,
  message: IppMessage,
  options: { timeoutMs: number },
): Promise<IppMessage> {
  const body = encodeIpp(message);
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  let sent = false;
  const lost = (cause: unknown) =>
    reject(new AppError(sent ? 'printer.document-unconfirmed' : 'printer.document-offline', {}, { cause }));

  const outgoing = request(url, {
    method: 'POST',
    // A kept connection that the printer closed meanwhile would fail a job that was never sent.
    agent: false,
    headers: { 'content-type': 'application/ipp', 'content-length': body.length },
    signal: AbortSignal.timeout(options.timeoutMs),
  });
  outgoing.on('error', lost);
  outgoing.on('response', response => {
    if (response.statusCode !== 200) {
      response.resume();
      reject(new AppError('printer.job-refused', { reason: `HTTP ${response.statusCode}` }));
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > answerBytes) response.destroy(new RangeError('answer is too long'));
      else chunks.push(chunk);
    });
    response.on('error', lost);
    response.on('end', () => resolve(Buffer.concat(chunks)));
  });
  // Once the last byte was given to the system it may arrive; before that the printer cannot have the whole.
  outgoing.end(body, () => {
    sent = true;
  });

  const answer = await promise;
  try {
    const decoded = decodeIpp(answer);
    if (decoded.requestId === message.requestId) return decoded;
    throw new AppError('printer.document-unconfirmed', { reason: 'answer to another request' });
  } catch (error) {
    if (!(error instanceof IppSyntaxError)) throw error;
    throw new AppError('printer.document-unconfirmed', { reason: error.message }, { cause: error });
  }
}
