import type { HubView } from '../../protocol/api/hub.ts';
import { createHubClient, HubAway, type HubClient } from './hub-client.ts';
import type { StationBook } from './station-book.ts';
import type { StationConfig } from './station-config.ts';

/** The hub of a branch, whichever of its two boxes that is. */
export interface BranchHub extends HubClient {
  url(): string;
  /** Where phones reach it. */
  publicUrl(): string;
  /** Throws `HubAway` when the box that is known answers and is not the hub any more. */
  requireHub(): Promise<void>;
  /**
   * Whether another box took over since; then it is asked from now on, also after a start. `first` is done
   * before that is kept.
   */
  lookAround(first: () => void): Promise<boolean>;
}

interface Known {
  url: string;
  publicUrl: string;
  term: number;
}

const answerMs = 3_000;
const keptAs = 'hub';

/**
 * The hub does not change by itself: only a box that a technician made the hub after the one that is known is
 * followed, so a hub that comes back without having heard of it is not.
 */
export function createBranchHub(
  { url: firstUrl, publicUrl: firstPublicUrl, spareUrl, login, password }: StationConfig['hub'],
  book: Pick<StationBook, 'answer' | 'keepAnswer'>,
): BranchHub {
  const urls = [firstUrl, ...(spareUrl === undefined ? [] : [spareUrl])];
  let known: Known = JSON.parse(book.answer(keptAs) ?? 'null') ?? {
    ...{ url: firstUrl, publicUrl: firstPublicUrl, term: 0 },
  };
  // The station was set up anew, with other boxes.
  if (!urls.includes(known.url)) known = { url: firstUrl, publicUrl: firstPublicUrl, term: 0 };
  let client = createHubClient({ url: known.url, login, password });

  async function ask(url: string): Promise<Known | undefined> {
    try {
      const answer = await fetch(`${url}/api/hub`, { signal: AbortSignal.timeout(answerMs) });
      if (!answer.ok) return undefined;
      const { state, term, url: publicUrl } = (await answer.json()) as HubView;
      return state === 'hub' ? { url, publicUrl, term } : undefined;
    } catch {
      return undefined;
    }
  }

  return {
    ask: (method, path, body) => client.ask(method, path, body),
    url: () => known.url,
    publicUrl: () => known.publicUrl,
    async requireHub() {
      if (spareUrl === undefined) return;
      const { state } = JSON.parse(await client.ask('GET', '/api/hub')) as HubView;
      if (state !== 'hub') throw new HubAway(`it is ${state}`);
    },
    async lookAround(first) {
      const others = await Promise.all(urls.filter(url => url !== known.url).map(ask));
      const newer = others.find(other => other !== undefined && other.term > known.term);
      if (!newer) return false;
      first();
      known = newer;
      book.keepAnswer(keptAs, JSON.stringify(known));
      client = createHubClient({ url: known.url, login, password });
      return true;
    },
  };
}
