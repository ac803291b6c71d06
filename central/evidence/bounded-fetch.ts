/** Bytes from somebody's web server, or why there are none. */
export type Fetched = { kind: 'got'; bytes: Uint8Array } | { kind: 'away'; reason: string };

/** One request, no larger and no longer than said. Never throws for what the other side does. */
export async function fetchBounded(
  url: string,
  wish: {
    mostBytes: number;
    timeoutMs: number;
    post?: { type: string; accept: string; body: Uint8Array };
  },
): Promise<Fetched> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(wish.timeoutMs),
      ...(wish.post && {
        method: 'POST',
        headers: { 'content-type': wish.post.type, accept: wish.post.accept },
        body: Buffer.from(wish.post.body),
      }),
    });
    if (!response.ok || !response.body) return { kind: 'away', reason: `status ${response.status}` };
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of response.body) {
      size += piece.length;
      if (size > wish.mostBytes) return { kind: 'away', reason: 'the answer is too large' };
      pieces.push(piece);
    }
    return { kind: 'got', bytes: Buffer.concat(pieces) };
  } catch (error) {
    // Whatever fetch throws means one thing here; a defect of ours shows as a source that never answers.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { kind: 'away', reason: String(cause).slice(0, 200) };
  }
}
