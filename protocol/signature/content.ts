import { digestOf } from './digests.ts';

/** What a signature speaks for. A file answers by reading itself piece by piece, so that it may be large. */
export interface Content {
  /** Digest by the function's object identifier; undefined when nobody here knows the function. */
  digest(oid: string): Promise<Uint8Array | undefined>;
  /** All of it, for the few signatures that sign the content itself. */
  bytes(): Promise<Uint8Array>;
}

export function contentOf(bytes: Uint8Array): Content {
  return { digest: async oid => digestOf(oid, bytes), bytes: async () => bytes };
}
