import Type, { type Static } from 'typebox';
import type { KindRules, RuleScore } from './kind-rules.ts';
import { Key, Sha256, type Text } from './values.ts';

/*
 * What a box says to its trainer page (`/trainer`) and takes from it; technicians only. Samples are pages
 * without digits and names.
 */

/** `GET /api/kinds`; also the answer to what changes rules or samples. `GET /api/kinds/rules` is the file of the rules. */
export interface KindsView {
  rules: KindRules;
  /** Digest of the rules, by which a change says what it changes. */
  digest: string;
  shipped: KindRules;
  /** Who changed the rules last; null for the shipped set. */
  changed: { by: string; at: string } | null;
  /** Kinds of the checklists of all services. */
  checklist: { kind: string; title: Text }[];
  samples: SampleLine[];
  mostSamples: number;
}
export const SampleSource = Type.Union([Type.Literal('file'), Type.Literal('case')]);
export type SampleSource = Static<typeof SampleSource>;
export interface SampleLine {
  id: string;
  /** What it is, as a person said. */
  kind: string;
  /** Whence it came; no more, since names of files and numbers of cases lead to people. */
  source: SampleSource;
  /** The first words. */
  begins: string;
  addedAt: string;
}

/** `POST /api/kinds/try` → `SampleVerdict[]`: what rules make of every sample. Nothing is kept. `judgeRules` says what rules are. */
export const RulesWish = Type.Object({ rules: Type.Unknown() });
export interface SampleVerdict {
  id: string;
  guess: string;
  /** How sure the rules are of the guess, 0–1. */
  sure: number;
}

/** `POST /api/kinds/samples/{id}/look` `RulesWish` → `SampleLook` */
export interface SampleLook {
  words: { text: string; line: number }[];
  /** The best first, all kinds. */
  scores: RuleScore[];
}

/** `PUT /api/kinds` → `KindsView`; `over` is the digest of the rules that were changed. */
export const RulesChange = Type.Object({ rules: Type.Unknown(), over: Sha256 });

/** `GET /api/kinds/suggestions?kind=snils` → `Suggestion[]`: phrases of this kind's samples and of few others', the best first. */
export const SuggestionQuery = Type.Object({ kind: Key });
export interface Suggestion {
  words: string;
  weight: number;
  /** In how many samples of the kind, and in how many others. */
  here: number;
  elsewhere: number;
}

/** A page that may become a sample, with digits and names replaced already. */
export const SamplePage = Type.Object({
  width: Type.Integer({ minimum: 1 }),
  height: Type.Integer({ minimum: 1 }),
  words: Type.Array(
    Type.Object({
      text: Type.String({ minLength: 1, maxLength: 200 }),
      confidence: Type.Number(),
      line: Type.Integer({ minimum: 0 }),
      box: Type.Object({
        x: Type.Number(),
        y: Type.Number(),
        width: Type.Number(),
        height: Type.Number(),
      }),
    }),
    { minItems: 1, maxItems: 3000 },
  ),
  /** It had machine-readable lines of a Russian internal passport. */
  hasPassportZone: Type.Boolean(),
});
export type SamplePage = Static<typeof SamplePage>;

/**
 * `POST /api/kinds/pages` with the bytes of a file (`application/octet-stream`), or
 * `GET /api/kinds/pages?number=…` for the recognised documents of a case → `CandidatePage[]`. Nothing is kept.
 */
export const PagesQuery = Type.Object({ number: Type.String({ minLength: 1, maxLength: 40 }) });
export interface CandidatePage {
  /** In the file or the case, from 1. */
  number: number;
  guess: string;
  sure: number;
  page: SamplePage;
}

/** `POST /api/kinds/samples` → `KindsView`; `POST /api/kinds/samples/{id}/remove` → `KindsView`. */
export const SampleWish = Type.Object({
  kind: Key,
  source: SampleSource,
  page: SamplePage,
});
export type SampleWish = Static<typeof SampleWish>;
