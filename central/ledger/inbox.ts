import { canonicalJson } from '../../protocol/canonical.ts';
import { hashFact } from '../../protocol/chain.ts';
import { contentOf, type Fact, isFact, type JudgeFact } from '../../protocol/facts.ts';
import { type Envelope, protocolVersion } from '../../protocol/messages.ts';

export interface Delivery {
  box: string;
  envelope: Envelope;
}

/** One journal of one box. */
export interface Stream {
  box: string;
  epoch: string;
}

export interface Arrival extends Stream {
  seq: number;
  fact: Fact;
}

/** A batch of envelopes, looked through before the database is asked anything. */
export interface Inbox {
  streams: Stream[];
  /** Each number of each journal once: what came first. */
  facts: Map<string, Arrival>;
  /** Came again in the same batch and says something else: a copied box. */
  forks: Arrival[];
  malformed: (Stream & { seq: number; raw: string })[];
  /** Digests of the content that the facts name. */
  contents: Set<string>;
}

export const streamKey = ({ box, epoch }: Stream) => `${box} ${epoch}`;
export const placeKey = ({ box, epoch, seq }: Stream & { seq: number }) => `${box} ${epoch} ${seq}`;

/** `judge` says what this version can read. A body that only a newer version can read is no poison. */
export function sortIn(deliveries: readonly Delivery[], judge: JudgeFact): Inbox {
  const streams = new Map<string, Stream>();
  const inbox: Inbox = { streams: [], facts: new Map(), forks: [], malformed: [], contents: new Set() };
  for (const { box, envelope } of deliveries) {
    const { epoch, v } = envelope;
    streams.set(streamKey({ box, epoch }), { box, epoch });
    for (const fact of envelope.facts) {
      const { seq } = fact;
      const isPoison = (fact: Fact) => v <= protocolVersion && judge(fact) === 'malformed';
      if (!isFact(fact) || fact.epoch !== epoch || isPoison(fact) || !isStorable(fact, judge)) {
        inbox.malformed.push({ box, epoch, seq, raw: canonicalJson(fact) });
        continue;
      }
      const arrival = { box, epoch, seq, fact };
      const first = inbox.facts.get(placeKey(arrival));
      if (first && hashFact(first.fact) !== hashFact(fact)) inbox.forks.push(arrival);
      if (first) continue;
      inbox.facts.set(placeKey(arrival), arrival);
      for (const { sha256 } of contentOf(fact)) inbox.contents.add(sha256);
    }
  }
  inbox.streams = [...streams.values()].sort((one, other) =>
    one.box < other.box ? -1 : one.box > other.box ? 1 : one.epoch < other.epoch ? -1 : 1,
  );
  return inbox;
}

/** Half a surrogate pair or a zero character, escaped in JSON; the backslash itself not being escaped. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** PostgreSQL keeps neither in text. Bodies of types that nobody here reads stay JSON, where both are only digits. */
function isStorable(fact: Fact, judge: JudgeFact): boolean {
  const read = judge(fact) === 'known' ? [fact.subject, fact.body] : fact.subject;
  return !unstorable.test(JSON.stringify(read));
}
