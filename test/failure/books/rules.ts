import { canonicalJson } from '../../../protocol/canonical.ts';
import { chainStart, hashFact } from '../../../protocol/chain.ts';
import { contentOf, type Fact, type FactBody } from '../../../protocol/facts.ts';
import type { Blob } from '../../../protocol/values.ts';
import type { BoxBooks, BoxEpoch } from './box-books.ts';
import type { CentreBooks, CentreEpoch } from './centre-books.ts';
import type { StoredContent } from './stored-content.ts';

/** What people and other programs were told, and may rely on. */
export interface Told {
  /** Tickets that were answered or printed: the kiosk's wish and the number, once or more often. */
  tickets?: readonly { requestId: string; number: string }[];
  /** Numbers that came out of the printer. */
  printed?: readonly string[];
  /** Subjects of facts whose commit was acknowledged. */
  subjects?: readonly string[];
  /** Content whose storing was acknowledged, by digest. */
  contents?: readonly string[];
  /** Receipts that the centre sent. */
  receipts?: readonly { epoch: string; upTo: number }[];
}

/** Everything that is known of one box, or of the centre when it stands alone. */
export interface Found {
  box: string;
  books: BoxBooks;
  /** How far each journal was receipted before the centre's books were read. */
  receipted: ReadonlyMap<string, number>;
  content: StoredContent | undefined;
  told: Told;
  /** How many journals this box is expected to have begun. */
  journals: number;
}

export interface FoundCentre {
  books: CentreBooks;
  content: StoredContent | undefined;
  /** Content that the centre answered for, by digest. */
  toldContents: readonly string[];
}

export interface Violation {
  rule: Rule;
  box: string;
  what: string;
}

export type Rule = keyof typeof rules;

/** The first promise: nothing acknowledged is lost or doubled. Each rule names what breaks it. */
export const rules = {
  'journal-broken': brokenJournals,
  'journal-begun-unasked': unaskedJournals,
  'ticket-doubled': doubledTickets,
  'told-not-kept': toldNotKept,
  'content-missing-on-box': contentMissingOnBox,
  'set-aside-lost': setAsideLost,
  'receipted-not-stored': receiptedNotStored,
  'differs-in-centre': differsInCentre,
  'stored-unwritten': storedUnwritten,
  'doubled-in-centre': doubledInCentre,
  'centre-broken': brokenInCentre,
  'refused-in-centre': refusedInCentre,
  'content-missing-in-centre': contentMissingInCentre,
  'not-carried': notCarried,
  'down-receipt-not-kept': downReceiptNotKept,
  'down-applied-twice': downAppliedTwice,
} satisfies Record<string, (found: Found, centre: FoundCentre | undefined) => Iterable<string>>;

const epochOf = (centre: FoundCentre | undefined, box: string, epoch: string): CentreEpoch | undefined =>
  centre?.books.epochs.find(each => each.box === box && each.epoch === epoch);
const centreEpochs = (centre: FoundCentre | undefined, box: string) =>
  centre?.books.epochs.filter(each => each.box === box) ?? [];
/** The same happening, wherever it was written down: a copy has its own number, id and predecessor. */
const happening = ({ type, at, subject, body }: Fact) => canonicalJson({ type, at, subject, body });
const begun = (epoch: BoxEpoch) => {
  const first = epoch.facts.get(1);
  return first?.type === 'journal.epoch-begun' ? (first.body as FactBody<'journal.epoch-begun'>) : undefined;
};
/** Facts that were carried over from the journal before (decision 9). */
const isCopy = (epoch: BoxEpoch, { seq }: Fact) => seq > 1 && seq <= 1 + (begun(epoch)?.carried ?? 0);
const own = ({ books }: Found) =>
  books.epochs.flatMap(epoch => [...epoch.facts.values()].filter(fact => !isCopy(epoch, fact)));

function* chain(facts: ReadonlyMap<number, Fact>, upTo: number, mayLack: (seq: number) => boolean) {
  let expected: string | undefined = chainStart;
  for (let seq = 1; seq <= upTo; seq++) {
    const fact = facts.get(seq);
    if (!fact) {
      if (!mayLack(seq)) yield `${seq} is not there`;
      expected = undefined;
      continue;
    }
    if (expected !== undefined && fact.prevHash !== expected) yield `${seq} does not follow`;
    expected = hashFact(fact);
  }
}

function* brokenJournals({ books }: Found) {
  for (const { epoch, facts, damaged } of books.epochs)
    for (const what of chain(facts, Math.max(0, ...facts.keys()), () => damaged)) yield `${epoch}: ${what}`;
}

function* unaskedJournals({ books, journals }: Found) {
  if (books.epochs.length !== journals) yield `${books.epochs.length} journals instead of ${journals}`;
}

function* doubledTickets(found: Found) {
  const seen = new Set<string>();
  for (const { type, body } of own(found)) {
    if (type !== 'ticket.issued') continue;
    const { requestId, day, number } = body as FactBody<'ticket.issued'>;
    for (const name of [`wish ${requestId}`, `number ${number} of ${day}`]) {
      if (seen.has(name)) yield name;
      seen.add(name);
    }
  }
}

function* toldNotKept(found: Found) {
  const { tickets = [], printed = [], subjects = [], contents = [] } = found.told;
  const facts = own(found);
  const issued = facts
    .filter(({ type }) => type === 'ticket.issued')
    .map(({ body }) => body as FactBody<'ticket.issued'>);
  const numbers = new Map(issued.map(({ requestId, number }) => [requestId, number]));
  for (const { requestId, number } of tickets)
    if (numbers.get(requestId) !== number)
      yield `ticket ${number} of ${requestId}: ${numbers.get(requestId)}`;
  const written = new Set(facts.map(({ subject }) => subject));
  for (const subject of subjects) if (!written.has(subject)) yield `fact about ${subject}`;
  const given = new Set(numbers.values());
  for (const number of printed) if (!given.has(number)) yield `printed number ${number}`;
  for (const sha256 of contents) if (found.content?.get(sha256) !== 'whole') yield `content ${sha256}`;
}

function* contentMissingOnBox(found: Found) {
  const { content } = found;
  if (!content) return;
  for (const [sha256, state] of content) if (state === 'damaged') yield `${sha256} has other bytes`;
  for (const fact of own(found))
    for (const { sha256 } of blobsIn(fact.body))
      if (!content.has(sha256)) yield `${sha256} of fact ${fact.seq}`;
}

/** What could be read of a damaged database went into the new one. */
function* setAsideLost({ books }: Found) {
  const here = new Map(books.epochs.map(epoch => [epoch.epoch, epoch]));
  for (const fact of books.setAside) {
    const kept = here.get(fact.epoch)?.facts.get(fact.seq);
    if (!kept || hashFact(kept) !== hashFact(fact)) yield `${fact.epoch} ${fact.seq}`;
  }
}

function* receiptedNotStored({ box, receipted, told }: Found, centre: FoundCentre | undefined) {
  if (!centre) return;
  const sent = (told.receipts ?? []).map(({ epoch, upTo }) => [epoch, upTo] as const);
  for (const [epoch, upTo] of [...receipted, ...sent]) {
    const there = epochOf(centre, box, epoch);
    if (upTo > (there?.upTo ?? 0)) yield `${epoch}: receipt up to ${upTo}, stored up to ${there?.upTo}`;
  }
}

function* differsInCentre({ box, books }: Found, centre: FoundCentre | undefined) {
  for (const { epoch, facts } of books.epochs)
    for (const [seq, stored] of epochOf(centre, box, epoch)?.facts ?? []) {
      const written = facts.get(seq);
      if (written && hashFact(written) !== hashFact(stored)) yield `${epoch} ${seq}`;
    }
}

/** Nothing may leave a box before it is on its disk. What a damaged disk lost is told by the next journal. */
function* storedUnwritten({ box, books }: Found, centre: FoundCentre | undefined) {
  const here = new Map(books.epochs.map(epoch => [epoch.epoch, epoch]));
  const gone = books.epochs.map(epoch => begun(epoch)?.previous);
  const isToldLost = (epoch: string, seq: number) =>
    gone.some(
      told =>
        told?.epoch === epoch &&
        (seq > told.upTo || told.lost.some(([from, to]) => seq >= from && seq <= to)),
    );
  for (const { epoch, facts } of centreEpochs(centre, box))
    for (const seq of facts.keys())
      if (!here.get(epoch)?.facts.has(seq) && !isToldLost(epoch, seq)) yield `${epoch} ${seq}`;
}

function* doubledInCentre({ box }: Found, centre: FoundCentre | undefined) {
  const ids = new Set<string>();
  for (const { facts } of centreEpochs(centre, box))
    for (const { id } of facts.values()) {
      if (ids.has(id)) yield id;
      ids.add(id);
    }
}

function* brokenInCentre({ box }: Found, centre: FoundCentre | undefined) {
  for (const { epoch, stored, upTo, facts, dead } of centreEpochs(centre, box)) {
    if (upTo > stored) yield `${epoch}: up to ${upTo} of ${stored}`;
    for (const what of chain(facts, stored, seq => dead.has(seq))) yield `${epoch}: ${what}`;
  }
}

function* refusedInCentre({ box }: Found, centre: FoundCentre | undefined) {
  for (const { epoch, dead } of centreEpochs(centre, box))
    for (const [seq, reason] of dead) yield `${epoch} ${seq}: ${reason}`;
}

function* contentMissingInCentre({ box }: Found, centre: FoundCentre | undefined) {
  if (!centre) return;
  for (const [sha256, state] of centre.content ?? [])
    if (state === 'damaged') yield `${sha256} has other bytes`;
  for (const sha256 of centre.toldContents)
    if (centre.content?.get(sha256) !== 'whole') yield `${sha256} was answered for`;
  for (const { epoch, upTo, facts } of centreEpochs(centre, box))
    for (const fact of facts.values())
      for (const { sha256 } of fact.seq <= upTo ? contentOf(fact) : [])
        if (!centre.books.contents.has(sha256) || (centre.content && !centre.content.has(sha256)))
          yield `${epoch} ${fact.seq}: ${sha256}`;
}

/** A journal that ended is in the centre, and what is not goes on in a later one. */
function* notCarried({ box, books }: Found, centre: FoundCentre | undefined) {
  for (const [index, ended] of books.epochs.slice(0, -1).entries()) {
    const later = books.epochs.slice(index + 1).flatMap(({ facts }) => [...facts.values()]);
    const carried = new Set(later.map(happening));
    const stored = epochOf(centre, box, ended.epoch)?.facts;
    for (const fact of ended.facts.values())
      if (fact.type !== 'journal.checkpoint' && !stored?.has(fact.seq) && !carried.has(happening(fact)))
        yield `${ended.epoch} ${fact.seq}`;
  }
}

function* downReceiptNotKept({ box, books: { down } }: Found, centre: FoundCentre | undefined) {
  const told = centre?.books.down.get(box);
  if (told && told.receipted > 0 && (down?.log !== told.log || down.applied < told.receipted))
    yield `applied up to ${down?.applied}, receipted up to ${told.receipted}`;
}

/** Each entry of the centre's log causes its facts once (`downSeq` is its number). */
function* downAppliedTwice(found: Found) {
  const seen = new Set<string>();
  for (const { type, body } of own(found)) {
    if (typeof body.downSeq !== 'number') continue;
    const name = `${type} of entry ${body.downSeq}`;
    if (seen.has(name)) yield name;
    seen.add(name);
  }
}

/** Whatever a body names by digest. */
function* blobsIn(value: unknown): Generator<Blob> {
  if (typeof value !== 'object' || value === null) return;
  const blob = value as Partial<Blob>;
  if (typeof blob.sha256 === 'string' && typeof blob.sizeBytes === 'number') yield blob as Blob;
  else for (const member of Object.values(value)) yield* blobsIn(member);
}
