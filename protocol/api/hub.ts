import Type, { type Static } from 'typebox';
import type { Fact } from '../facts.ts';
import type { StatementSeal } from '../sealed-statement.ts';
import { Id, Mark } from '../values.ts';

/*
 * A branch may have a spare box beside its hub (ADR 46). They speak to each other over HTTP in the network of
 * the branch; the spare logs in with the role `spare` and the name of its box.
 */

/** `spare`: waits for a technician. `replaced`: was the hub, and heard that another box is. */
export type HubState = 'hub' | 'spare' | 'replaced';

/** Public: `GET /api/hub`. Of two boxes that call themselves hub, the one with the higher term is. */
export interface HubView {
  box: string;
  state: HubState;
  /** Grows with every take-over; 0 in a branch that had none. */
  term: number;
  /** Where phones and pages reach this box. */
  url: string;
  /** The box that gives the numbers, when this one does not; null when it was never heard of. */
  hub: { box: string; url: string } | null;
}

/** What a box that took over swears to, with its seal (`hub-of-branch`). */
export interface HubStatement {
  box: string;
  url: string;
  term: number;
}
export type SealedHubStatement = HubStatement & StatementSeal;

export const HubStatementShape = Type.Object({
  box: Type.String({ maxLength: 64 }),
  url: Type.String({ maxLength: 200 }),
  term: Type.Integer({ minimum: 1 }),
  certificate: Type.String({ maxLength: 8192 }),
  signature: Type.String({ maxLength: 1024 }),
});

/**
 * `POST /api/hub/facts` → `HubFacts`: what the other box wrote behind `after`. `statement` is the asker's own,
 * when it holds itself for the hub. Everything up to `after` is on the asker's disk and in its line.
 */
export const HubFactsQuery = Type.Object({
  epoch: Type.Union([Id, Type.Null()]),
  after: Mark,
  statement: Type.Union([HubStatementShape, Type.Null()]),
});
export type HubFactsQuery = Static<typeof HubFactsQuery>;

export interface HubFacts {
  box: string;
  epoch: string;
  /** Facts that matter to somebody who goes on with the line, in order; `upTo` may be behind the last of them. */
  facts: Fact[];
  upTo: number;
  head: number;
  statement: SealedHubStatement | null;
  /** Digest of the configuration that the boxes of the branch share. */
  configuration: string;
}

/** Technician: `POST /api/technician/take-over` → `HubView`. */
export interface PairView {
  /** Name of the other box of the branch. */
  box: string;
  state: 'connected' | 'away';
  /** ISO 8601; null when it never answered. */
  heardAt: string | null;
  /** How many of its people in the hall would go on with this box. */
  waiting: number;
}

/** Technician: `GET /api/technician/hub`; `pair` is null in a branch with one box. */
export interface TechnicianHubView extends HubView {
  pair: PairView | null;
}
