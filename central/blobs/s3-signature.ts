import { createHash, createHmac } from 'node:crypto';

/** Who we are to an S3-compatible store. */
export interface S3Credentials {
  accessKey: string;
  secretKey: string;
  /** What the store calls its place; `us-east-1` where it has no opinion. */
  region: string;
}

/**
 * The headers of a request with its signature (AWS Signature Version 4, "Authenticating requests:
 * Authorization header"). All given headers are signed, so that none can be changed on the way. The
 * address is path-style and holds only characters that need no escapes.
 */
export function signed(
  request: { method: string; url: URL; headers: Record<string, string>; payloadSha256: string },
  { accessKey, secretKey, region }: S3Credentials,
  at: Date,
): Record<string, string> {
  const stamp = at.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const day = stamp.slice(0, 8);
  const headers: Record<string, string> = {
    ...request.headers,
    host: request.url.host,
    'x-amz-content-sha256': request.payloadSha256,
    'x-amz-date': stamp,
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    request.method,
    request.url.pathname,
    request.url.search.slice(1),
    ...names.map(name => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    request.payloadSha256,
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const digest = createHash('sha256').update(canonical).digest('hex');
  const key = [day, region, 's3', 'aws4_request'].reduce<Uint8Array | string>(hmac, `AWS4${secretKey}`);
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${digest}`).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...headers, authorization };
}

const hmac = (key: Uint8Array | string, text: string) => createHmac('sha256', key).update(text).digest();
