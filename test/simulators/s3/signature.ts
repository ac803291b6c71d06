import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Keys that the store knows: secret by access key. */
export type Keys = ReadonlyMap<string, string>;

export type Judgement = { payloadSha256: string } | { refused: string };

const skewMs = 15 * 60_000;
const form =
  /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/,]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

/**
 * Judges the signature of a request as the server of AWS Signature Version 4 does: it writes the canonical
 * request down anew from what came over the line, and believes nothing that is not signed. Answers with
 * the digest that the body must have (or `UNSIGNED-PAYLOAD`), or with the code of the refusal.
 */
export function judge(request: IncomingMessage, keys: Keys): Judgement {
  const match = form.exec(request.headers.authorization ?? '');
  if (!match) return { refused: 'AccessDenied' };
  const [, accessKey = '', day = '', region = '', names = '', given = ''] = match;
  const secret = keys.get(accessKey);
  if (secret === undefined) return { refused: 'InvalidAccessKeyId' };
  const header = (name: string) =>
    [request.headers[name] ?? ''].flat().join(',').trim().replaceAll(/ +/g, ' ');
  const stamp = header('x-amz-date');
  const payloadSha256 = header('x-amz-content-sha256');
  const signedNames = names.split(';');
  const unsigned = Object.keys(request.headers).filter(
    name => (name.startsWith('x-amz-') || name === 'host') && !signedNames.includes(name),
  );
  if (unsigned.length > 0 || payloadSha256 === '') return { refused: 'AccessDenied' };
  if (Math.abs(momentOf(stamp) - Date.now()) > skewMs || !stamp.startsWith(day))
    return { refused: 'RequestTimeTooSkewed' };

  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  let canonical = `${request.method}\n${encoded(decodeURIComponent(path), '/')}\n${canonicalQuery(query)}\n`;
  for (const name of signedNames) canonical += `${name}:${header(name)}\n`;
  canonical += `\n${names}\n${payloadSha256}`;
  const toSign = `AWS4-HMAC-SHA256\n${stamp}\n${day}/${region}/s3/aws4_request\n${sha256(canonical)}`;
  let key: Buffer = Buffer.from(`AWS4${secret}`);
  for (const part of [day, region, 's3', 'aws4_request', toSign])
    key = createHmac('sha256', key).update(part).digest();
  if (!timingSafeEqual(key, Buffer.from(given, 'hex'))) return { refused: 'SignatureDoesNotMatch' };
  return { payloadSha256 };
}

function momentOf(stamp: string): number {
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** Sorted by name, each name and value escaped anew; a name without a value gets an empty one. */
function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query)]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
}

/** RFC 3986: everything but the unreserved characters, in upper case. */
function encoded(text: string, kept = ''): string {
  return [...Buffer.from(text)]
    .map(byte => {
      const character = String.fromCharCode(byte);
      if (/[A-Za-z0-9._~-]/.test(character) || character === kept) return character;
      return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
