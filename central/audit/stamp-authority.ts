import { randomBytes } from 'node:crypto';
import { AppError } from '../../protocol/app-error.ts';
import { FormatError } from '../../protocol/signature/der.ts';
import { oids } from '../../protocol/signature/oids.ts';
import { judgeStamp } from '../../protocol/signature/time-stamp.ts';
import {
  stampQueryType,
  stampReplyType,
  stampRequest,
  tokenOf,
} from '../../protocol/signature/time-stamp-request.ts';
import { trustOf } from '../../protocol/signature/trust.ts';

/** An outside authority that says when something was there at the latest (RFC 3161). */
export interface StampAuthority {
  /** A token over a digest, judged. Throws `audit.no-stamp` when there is none or none that holds. */
  stamp(digest: Uint8Array, hash?: StampHash): Promise<Uint8Array>;
}

/** What is stamped is named by a digest of this kind; SHA-256 when nothing is said. */
export type StampHash = 'sha256' | 'sha512';

const mostBytes = 100_000;

export function httpStampAuthority(parts: {
  url: string;
  /** Whom to believe, DER. */
  anchors: Uint8Array[];
  timeoutMs: number;
  now: () => Date;
}): StampAuthority {
  const { url, anchors, timeoutMs, now } = parts;

  async function ask(digest: Uint8Array, hash: StampHash): Promise<Uint8Array | undefined> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': stampQueryType, accept: stampReplyType },
      body: Buffer.from(stampRequest(digest, randomBytes(8), hash)),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const reply = new Uint8Array(await response.arrayBuffer());
    if (!response.ok || reply.length > mostBytes) throw new FormatError(`status ${response.status}`);
    return tokenOf(reply);
  }

  return {
    async stamp(digest, hash = 'sha256') {
      const token = await ask(digest, hash).catch((cause: unknown) => {
        throw new AppError('audit.no-stamp', { reason: String(cause) }, { cause });
      });
      if (!token) throw new AppError('audit.no-stamp', { reason: 'refused' });
      const trust = trustOf({ anchors, at: now() });
      // Of another digest, of another authority: such a stamp would prove nothing later.
      const { reason } = await judgeStamp(token, onlyDigest(digest, hash), trust);
      if (reason) throw new AppError('audit.no-stamp', { reason });
      return token;
    },
  };
}

/** What is stamped, known by one digest alone. */
const onlyDigest = (digest: Uint8Array, hash: StampHash) => ({
  digest: async (oid: string) => (oid === oids[hash] ? digest : undefined),
});
