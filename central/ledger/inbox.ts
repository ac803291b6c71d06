import { canonicalJson } from '../../protocol/canonical.ts';
import { hashFact } from '../../protocol/chain.ts';
import { contentOf, type Fact, isFact, type JudgeFact, type KnownFact } from '../../protocol/facts.ts';
import { type Envelope, protocolVersion } from '../../protocol/messages.ts';
import type { FactRow } from '../storage/tables.ts';
import { toRow } from './fact-rows.ts';

export interface Delivery {
  box: string;
  envelope: Envelope;
}

/** One journal of one box. */
export interface Stream {
  box: string;
  epoch: string;
}

/** A fact with everything that costs something to find out, found out once. */
export interface Arrival extends Stream {
  seq: number;
  prevHash: string;
  /** Digest of the fact. */
  hash: string;
  /** The fact, when its type is known here. */
  known: KnownFact | undefined;
  row: FactRow;
}

/** Facts of several journals by the key of the journal and their number. */
export type Arrivals = ReadonlyMap<string, ReadonlyMap<number, Arrival>>;

/** A batch of envelopes, looked through before the database is asked anything. */
export interface Inbox {
  streams: Stream[];
  /** Each number of each journal once: what came first. */
  facts: Arrivals;
  /** Came again in the same batch and says something else: a copied box. */
  forks: Arrival[];
  malformed: (Stream & { seq: number; raw: string })[];
  /** Digests of the content that the facts name. */
  contents: Set<string>;
}

export const streamKey = ({ box, epoch }: Stream) => `${box} ${epoch}`;
export const placeKey = ({ box, epoch, seq }: Stream & { seq: number }) => `${box} ${epoch} ${seq}`;

/** `judge` says what this version reads. */
export function sortIn(deliveries: readonly Delivery[], receivedAt: string, judge: JudgeFact): Inbox {
  const streams = new Map<string, Stream>();
  const facts = new Map<string, Map<number, Arrival>>();
  const inbox: Inbox = { streams: [], facts, forks: [], malformed: [], contents: new Set() };
  for (const { box, envelope } of deliveries) {
    const { epoch, v } = envelope;
    const key = streamKey({ box, epoch });
    streams.set(key, { box, epoch });
    const own = facts.get(key) ?? new Map<number, Arrival>();
    facts.set(key, own);
    for (const fact of envelope.facts) {
      const { seq } = fact;
      const verdict = isFact(fact) && fact.epoch === epoch ? judge(fact) : 'malformed';
      // A body that a newer version shaped otherwise is no poison: it waits for the update (F23).
      const isPoison =
        !isFact(fact) || fact.epoch !== epoch || (verdict === 'malformed' && v <= protocolVersion);
      const arrival = isPoison ? undefined : arrivalOf(box, fact, receivedAt, verdict === 'known');
      const first = own.get(seq);
      if (!arrival) inbox.malformed.push({ box, epoch, seq, raw: canonicalJson(fact) });
      else if (first && first.hash !== arrival.hash) inbox.forks.push(arrival);
      else if (!first) {
        own.set(seq, arrival);
        for (const { sha256 } of contentOf(fact as Fact)) inbox.contents.add(sha256);
      }
    }
  }
  inbox.streams = [...streams.values()].sort((one, other) =>
    one.box < other.box ? -1 : one.box > other.box ? 1 : one.epoch < other.epoch ? -1 : 1,
  );
  return inbox;
}

/** Undefined for what cannot be read or stored. */
function arrivalOf(box: string, fact: Fact, receivedAt: string, isKnown: boolean): Arrival | undefined {
  const { epoch, seq, prevHash } = fact;
  const row = toRow(box, fact, receivedAt);
  // Bodies of types that nobody here reads stay JSON, where what follows is only digits.
  if (isUnstorable(fact.subject) || (isKnown && unstorable.test(row.body))) return undefined;
  const known = isKnown ? (fact as KnownFact) : undefined;
  return { box, epoch, seq, prevHash, hash: hashFact(fact, row.body), known, row };
}

/** Half a surrogate pair or a zero character, escaped in JSON; the backslash itself not being escaped. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** PostgreSQL keeps neither in text. */
const isUnstorable = (text: string) => unstorable.test(JSON.stringify(text));
