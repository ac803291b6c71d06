import { X509Certificate } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { businessDay, type Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type {
  HubFacts,
  HubFactsQuery,
  HubState,
  HubStatement,
  HubView,
  SealedHubStatement,
} from '../../protocol/api/hub.ts';
import { AppError, type ErrorDetails } from '../../protocol/app-error.ts';
import type { NewFact } from '../../protocol/facts.ts';
import { type Seal, sealStatement, whySealFails } from '../../protocol/sealed-statement.ts';
import type { BoxConfig } from '../config/box-config.ts';
import { sharedDigest } from '../config/shared-configuration.ts';
import type { BoxState } from '../journal/box-state.ts';
import type { Journal } from '../journal/journal.ts';
import { createAdoption } from './adopt-line.ts';
import type { HubCopy } from './hub-copy.ts';
import { handedOver, isOfTheLine, ofToday, unfinished } from './unfinished.ts';

/** Facts of one answer; a year's journal is read in some hundred of them. */
const factsAtOnce = 2_000;
const statementKind = 'hub-of-branch';

/** Which of the two boxes of a branch gives the numbers (ADR 46). In a branch with one box it is this one. */
export interface Hub {
  view(): HubView;
  /** Why this box gives no numbers; null when it does. */
  whyNot(): { code: 'hub.spare' | 'hub.replaced'; details: ErrorDetails } | null;
  /** What this box swears to, when it took over and nobody after it. */
  statement(): SealedHubStatement | null;
  /** The other box says that it is the hub. True when that is news, and holds. */
  hear(statement: SealedHubStatement): Promise<boolean>;
  /** The act of a technician: this box goes on with the line. Doing it twice does no harm. Throws `hub.no-pair`. */
  takeOver(): Promise<void>;
  /** Answers the other box. What it has for good is handed over to it, when it is the hub. */
  tell(query: HubFactsQuery): Promise<HubFacts>;
  /** Keeps an answer of the other box, and takes in its tickets while this one is the hub. */
  keep(told: HubFacts): Promise<void>;
  /** How many of the other box's people would go on here. */
  waiting(): number;
}

interface Kept {
  state: HubState;
  term: number;
  hub: { box: string; url: string } | null;
}

export function createHub(parts: {
  config: BoxConfig;
  db: DatabaseSync;
  journal: Journal;
  boxState: BoxState;
  copy: HubCopy | undefined;
  seal: Seal;
  /** Authorities of the boxes' seals, DER. */
  anchors: readonly Uint8Array[];
  publicUrl: () => string;
  clock: Clock;
  /** What the day goes by, when the wall clock may be wrong. */
  calendar?: Clock;
  log: Log;
}): Hub {
  const { config, db, journal, boxState, copy, seal, anchors, publicUrl, clock, log } = parts;
  const { calendar = clock } = parts;
  const { box, pair } = config;
  const adoption = createAdoption(db, pair?.box ?? '');
  // By the indexes of those who are not over: it is asked each second.
  const open = db.prepare(
    `select id, issued_seq from tickets where state in ('issued', 'waiting')
      union all select id, issued_seq from tickets where state in ('called', 'serving')
      union all select id, issued_seq from tickets where state in ('held', 'waiting-for-papers') order by issued_seq`,
  );
  const manned = db.prepare(`select window, clerk from windows where state <> 'closed'`);
  const today = () => businessDay(calendar.now(), config.branch.timeZone);
  /** Facts say the time of a clock that may have been wrong: by the earlier one none of today is left out. */
  const earliestNow = () => new Date(Math.min(clock.now().getTime(), calendar.now().getTime()));

  function kept(): Kept {
    const value = boxState.get('hub');
    if (value !== undefined) return JSON.parse(value) as Kept;
    const isSpare = pair?.series === 1;
    return {
      state: isSpare ? 'spare' : 'hub',
      term: 0,
      hub: isSpare ? { box: pair.box, url: pair.url } : null,
    };
  }
  const keepState = (state: Kept) => void boxState.set('hub', JSON.stringify(state));

  /** Day on which what is over was forgotten. */
  let tidied = '';
  /** In turn: a ticket must not be taken in twice. */
  let turn: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  }

  function statement(): SealedHubStatement | null {
    const { state, term } = kept();
    if (state !== 'hub' || term === 0) return null;
    const said: HubStatement = { box, url: publicUrl(), term };
    return { ...said, ...sealStatement(statementKind, said, seal) };
  }

  /**
   * The seal is judged at the beginning of its certificate: a box that comes back often has no clock (F07), and a
   * hub whose certificate ran out still is the hub.
   */
  function isTrue({ certificate, signature, ...said }: SealedHubStatement): boolean {
    if (said.box !== pair?.box) return false;
    let fault: string | null;
    try {
      const at = new X509Certificate(Buffer.from(certificate, 'base64')).validFromDate;
      const trust = { owner: said.box, anchors, at };
      fault = whySealFails(statementKind, said, { certificate, signature }, trust);
    } catch (error) {
      fault = String(error);
    }
    if (fault !== null)
      log.error({ fault, box: said.box }, 'a box calls itself the hub, and its seal does not hold');
    return fault === null;
  }

  async function hear(said: SealedHubStatement): Promise<boolean> {
    const before = kept();
    if (said.term <= before.term || !isTrue(said)) return false;
    const { term, box: by, url } = said;
    const wasHub = before.state === 'hub';
    const facts: NewFact[] = wasHub ? [{ type: 'hub.replaced', subject: box, body: { term, by } }] : [];
    const state = wasHub ? 'replaced' : before.state;
    await journal.commit(facts, () => keepState({ state, term, hub: { box: by, url } }));
    log.warn({ by, term }, 'another box of the branch is the hub');
    return true;
  }

  async function takeOver(): Promise<void> {
    if (!pair || !copy) throw new AppError('hub.no-pair');
    const before = kept();
    // By the clock, so that two acts that do not know of each other have two terms; at least one higher.
    const term = Math.max(before.term + 1, Math.floor(calendar.now().getTime() / 60_000));
    const { facts, tickets } = adoption(unfinished(copy.facts(), today()), { all: before.state !== 'hub' });
    await journal.commit(
      [{ type: 'hub.took-over', subject: box, body: { term, from: pair.box, tickets } }, ...facts],
      () => keepState({ state: 'hub', term, hub: null }),
    );
    log.warn({ term, tickets }, 'this box is the hub from now on');
  }

  /** What the other box has on its disk is no more this one's. */
  async function handOver(): Promise<void> {
    const given = open.all() as { id: string }[];
    const windows = manned.all() as { window: string; clerk: string }[];
    if (given.length + windows.length === 0) return;
    await journal.commit([
      ...given.map(
        ({ id }): NewFact => ({ type: 'ticket.abandoned', subject: id, body: { reason: handedOver } }),
      ),
      ...windows.map(
        ({ window, clerk }): NewFact => ({
          ...{ type: 'window.closed', subject: window, body: { clerk, by: handedOver } },
        }),
      ),
    ]);
  }

  async function takeIn(): Promise<void> {
    if (!copy || kept().state !== 'hub') return;
    const { facts, tickets } = adoption(unfinished(copy.facts(), today()), { all: false });
    if (facts.length === 0) return;
    await journal.commit(facts);
    log.warn({ tickets }, 'tickets of the other box are in line here');
  }

  function view(): HubView {
    return { box, ...kept(), url: publicUrl() };
  }

  return {
    view,
    whyNot() {
      const { state, hub } = kept();
      if (state === 'hub') return null;
      return { code: `hub.${state}`, details: { box: hub?.box ?? '', url: hub?.url ?? '' } };
    },
    statement,
    hear: said => inTurn(() => hear(said)),
    takeOver: () => inTurn(takeOver),
    tell: query =>
      inTurn(async () => {
        if (query.statement) await hear(query.statement);
        const after = query.epoch === journal.epoch ? query.after : 0;
        const head = journal.head();
        if (kept().state === 'replaced' && query.statement && after >= head) await handOver();
        const read = journal.read(after, factsAtOnce);
        const now = earliestNow();
        return {
          ...{ box, epoch: journal.epoch, head },
          facts: read.filter(fact => isOfTheLine(fact, now)),
          upTo: read.at(-1)?.seq ?? after,
          statement: statement(),
          configuration: sharedDigest(config),
        };
      }),
    keep: told =>
      inTurn(async () => {
        if (!copy) return;
        if (told.facts.length > 0 || told.upTo !== copy.cursor().after || told.epoch !== copy.cursor().epoch)
          copy.keep(told);
        if (told.facts.length === 0) return;
        await takeIn();
        if (tidied === today()) return;
        copy.keepOnly(ofToday(copy.facts(), today()));
        tidied = today();
      }),
    waiting: () =>
      copy ? unfinished(copy.facts(), today()).filter(({ type }) => type === 'ticket.issued').length : 0,
  };
}
