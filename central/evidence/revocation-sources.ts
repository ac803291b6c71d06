import { createHash } from 'node:crypto';
import { type Backoff, createBackoff } from '../../platform/backoff.ts';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { X509 } from '../../protocol/signature/certificate.ts';
import { FormatError } from '../../protocol/signature/der.ts';
import { readOcspAnswer } from '../../protocol/signature/ocsp-answer.ts';
import { ocspAnswerType, ocspRequest, ocspRequestType } from '../../protocol/signature/ocsp-request.ts';
import { type RevocationData, whyRevoked } from '../../protocol/signature/revocation.ts';
import { readRevocationList } from '../../protocol/signature/revocation-list.ts';
import type { Storage } from '../storage/storage.ts';
import { tableOf } from '../storage/table-columns.ts';
import { type Fetched, fetchBounded } from './bounded-fetch.ts';

/** Somebody who may know about a certificate. */
export interface Source {
  kind: 'crl' | 'ocsp';
  url: string;
}

/** A list or an answer that speaks about a certificate and may be believed now. */
export interface Piece {
  kind: 'crl' | 'ocsp';
  sha256: string;
  bytes: Uint8Array;
}

/** Lists and answers from the network, kept in the database for when the network is away. */
export interface RevocationSources {
  /** Undefined when the source does not answer, is resting, or its answer cannot be believed. */
  ask(source: Source, certificate: X509, issuer: X509): Promise<Piece | undefined>;
}

const limits = {
  crl: { mostBytes: 64 * 1024 * 1024, timeoutMs: 60_000, mediaType: 'application/pkix-crl' },
  ocsp: { mostBytes: 256 * 1024, timeoutMs: 15_000, mediaType: 'application/ocsp-response' },
};

export function openRevocationSources(parts: {
  storage: Storage;
  blobs: BlobStore;
  clock: Clock;
  /** What was learnt so long ago is asked again although its term is not over, ms. */
  refreshMs: number;
  /** The first pause after a source did not answer, ms; later ones grow to an hour. */
  restMs: number;
}): RevocationSources {
  const { storage, blobs, clock, refreshMs, restMs } = parts;
  const resting = new Map<string, { backoff: Backoff; untilMs: number }>();

  async function fetchFrom({ kind, url }: Source, certificate: X509, issuer: X509): Promise<Fetched> {
    const rest = resting.get(url) ?? { backoff: createBackoff(restMs, 3_600_000), untilMs: 0 };
    if (clock.monotonicMs() < rest.untilMs) return { kind: 'away', reason: 'resting' };
    const body = kind === 'ocsp' ? ocspRequest(certificate, issuer) : undefined;
    const fetched = await fetchBounded(url, {
      ...limits[kind],
      ...(body && { post: { type: ocspRequestType, accept: ocspAnswerType, body } }),
    });
    if (fetched.kind === 'got') resting.delete(url);
    else resting.set(url, { ...rest, untilMs: clock.monotonicMs() + rest.backoff.next() });
    return fetched;
  }

  /** Whether these bytes say something about the certificate that counts now. */
  function speaks(kind: Source['kind'], bytes: Uint8Array, certificate: X509, issuer: X509): boolean {
    const data = dataOf(kind, bytes);
    const now = clock.now();
    const { known, reason } = data
      ? whyRevoked(certificate, issuer, { ...data, signedAt: now, now, isSigner: true })
      : { known: false, reason: null };
    return known && (reason === null || reason === 'REVOKED_NO_POE');
  }

  return {
    async ask(source, certificate, issuer) {
      const { kind, url } = source;
      const key = kind === 'crl' ? url : `${url} ${digest(certificate.der)}`;
      const believed = (bytes: Uint8Array | undefined) =>
        bytes && speaks(kind, bytes, certificate, issuer)
          ? { kind, sha256: digest(bytes), bytes }
          : undefined;
      const kept = await storage.query
        .selectFrom('revocation_cache')
        .selectAll()
        .where('source', '=', key)
        .executeTakeFirst();
      const before = believed(kept && (await blobs.get(kept.sha256)));
      const agedMs = kept ? clock.now().getTime() - Date.parse(kept.fetched_at) : 0;
      if (before && agedMs >= 0 && agedMs < refreshMs) return before;
      const fetched = await fetchFrom(source, certificate, issuer);
      const after = believed(fetched.kind === 'got' ? fetched.bytes : undefined);
      // As long as its term lasts, what was learnt before is better than nothing.
      if (!after) return before;
      await blobs.put(after.bytes, limits[kind].mediaType);
      const row = { source: key, kind, sha256: after.sha256, fetched_at: clock.now().toISOString() };
      await storage.transaction(async transaction => {
        await transaction.query.deleteFrom('revocation_cache').where('source', '=', key).execute();
        await transaction.insertNew(tableOf('revocation_cache'), [row]);
      });
      return after;
    },
  };
}

function dataOf(kind: Source['kind'], bytes: Uint8Array): RevocationData | undefined {
  try {
    return kind === 'crl'
      ? { lists: [readRevocationList(bytes)], answers: [] }
      : { lists: [], answers: [readOcspAnswer(bytes)] };
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
