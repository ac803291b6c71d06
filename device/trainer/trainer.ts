import { setImmediate as breathe } from 'node:timers/promises';
import type { Clock } from '../../platform/clock.ts';
import type { Me } from '../../protocol/api/people.ts';
import { AppError } from '../../protocol/app-error.ts';
import { judgeRules, type KindRules } from '../../protocol/kind-rules.ts';
import type {
  CandidatePage,
  KindsView,
  SampleLine,
  SampleLook,
  SampleVerdict,
  SampleWish,
  Suggestion,
} from '../../protocol/trainer.ts';
import { classify, type KindPage, scorePage } from '../capture/kinds/classify.ts';
import { foldWords } from '../capture/kinds/fold-words.ts';
import { shippedRules } from '../capture/kinds/rules.ts';
import { pagesOfFile } from '../capture/pages-of-file.ts';
import type { RecognisedPage, Recogniser } from '../capture/recognised.ts';
import type { CaseStore } from '../cases/case-store.ts';
import type { Recognitions } from '../cases/recognitions.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import type { KindRulesHolder } from './kind-rules-holder.ts';
import { maskPage } from './mask-page.ts';
import { mostSamples, type Sample, type Samples } from './sample-store.ts';
import { suggestPhrases } from './suggest-phrases.ts';

/** What a technician does with rules and samples; `protocol/trainer.ts` says what the answers are. */
export interface Trainer {
  view(): Promise<KindsView>;
  /** Throws `capture.rules-refused`. */
  tryOut(rules: unknown): Promise<SampleVerdict[]>;
  /** Throws `capture.rules-refused`, `internal.not-found`. */
  look(sampleId: string, rules: unknown): Promise<SampleLook>;
  suggest(kind: string): Promise<Suggestion[]>;
  /** Throws `capture.rules-refused`, `capture.rules-changed`. */
  save(me: Me, rules: unknown, over: string): Promise<void>;
  /** Throws what the intake of a file and recognition throw. */
  pagesOfFile(bytes: Uint8Array): Promise<CandidatePage[]>;
  /** Throws `case.unknown`. */
  pagesOfCase(number: string): Promise<CandidatePage[]>;
  /** Throws `capture.unknown-kind`, `capture.too-many-samples`. */
  addSample(wish: SampleWish): Promise<void>;
  removeSample(id: string): Promise<void>;
}

/** A sample file is for a page or a few. */
const mostPages = 20;
const wordsShown = 12;

export function createTrainer(parts: {
  rules: KindRulesHolder;
  samples: Samples;
  recogniser: Recogniser;
  store: CaseStore;
  recognitions: Recognitions;
  register: RegisterHolder;
  clock: Clock;
}): Trainer {
  const { rules, samples, recogniser, store, recognitions, register, clock } = parts;

  /** One sample at a time in memory, and a pause after each, so that the hall never waits. */
  async function ofEach<T>(make: (sample: Sample, id: string) => T): Promise<T[]> {
    const made: T[] = [];
    for (const id of await samples.ids()) {
      const sample = await samples.find(id);
      if (sample) made.push(make(sample, id));
      await breathe();
    }
    return made;
  }

  async function asCandidates(pages: readonly RecognisedPage[]): Promise<CandidatePage[]> {
    const keep = wordsOfRules(rules.current());
    const candidates: CandidatePage[] = [];
    for (const [at, page] of pages.entries()) {
      if (page.words.length === 0) continue;
      const masked = maskPage(page, keep);
      candidates.push({ number: at + 1, ...guessOf(masked, rules.current()), page: masked });
      await breathe();
    }
    return candidates;
  }

  return {
    async view() {
      const lines = await ofEach(lineOf);
      const checklist = new Map(
        register.get().services.flatMap(({ documents }) => documents.map(({ kind, title }) => [kind, title])),
      );
      return {
        rules: rules.current(),
        digest: rules.digest(),
        shipped: shippedRules,
        changed: rules.changed(),
        checklist: [...checklist].map(([kind, title]) => ({ kind, title })),
        samples: lines.toSorted((a, b) => a.addedAt.localeCompare(b.addedAt)),
        mostSamples,
      };
    },
    async tryOut(wished) {
      const draft = goodRules(wished);
      return ofEach(({ page }, id) => ({ id, ...guessOf(page, draft) }));
    },
    async look(sampleId, wished) {
      const draft = goodRules(wished);
      const sample = await samples.find(sampleId);
      if (!sample) throw new AppError('internal.not-found');
      return {
        words: sample.page.words.map(({ text, line }) => ({ text, line })),
        scores: scorePage(sample.page, draft),
      };
    },
    async suggest(kind) {
      const folded = await ofEach(sample => ({
        kind: sample.kind,
        words: foldWords(sample.page.words).text.split(' '),
      }));
      return suggestPhrases(folded, kind);
    },
    save: rules.replace,
    async pagesOfFile(bytes) {
      const first: Uint8Array[] = [];
      const file = await pagesOfFile(bytes, async page => {
        if (first.length < mostPages) first.push(page.bytes);
      });
      if (file.kind === 'refused') throw new AppError(file.code, file.details);
      if (file.count > mostPages)
        throw new AppError('capture.too-many-pages', { pages: file.count, most: mostPages });
      const { pages } = await recogniser.recognise(first, {
        kind: 'other',
        title: 'Образец',
        createdAt: new Date(clock.now()),
      });
      return asCandidates(pages);
    },
    async pagesOfCase(number) {
      const row = store.findByNumber(number);
      if (!row) throw new AppError('case.unknown');
      const read = store.documents(row.id).flatMap(document => document.recognition_sha256 ?? []);
      const all = await Promise.all(read.map(async sha256 => (await recognitions.get(sha256)).pages));
      return asCandidates(all.flat());
    },
    async addSample({ kind, source, page }) {
      if (!Object.hasOwn(rules.current(), kind) && kind !== 'other')
        throw new AppError('capture.unknown-kind', { kind });
      await samples.add({
        ...{ kind, source, addedAt: clock.now().toISOString() },
        // Whoever sent it: what is kept is masked here.
        page: maskPage(page, wordsOfRules(rules.current())),
      });
    },
    removeSample: id => samples.remove(id),
  };
}

function goodRules(wished: unknown): KindRules {
  const verdict = judgeRules(wished);
  if (verdict.kind === 'refused') throw new AppError('capture.rules-refused', { what: verdict.what });
  return verdict.rules;
}

function guessOf(page: KindPage, by: KindRules): { guess: string; sure: number } {
  const { kind, sure } = classify([page], by);
  return { guess: kind, sure };
}

function wordsOfRules(rules: KindRules): Set<string> {
  return new Set(
    Object.values(rules).flatMap(({ phrases }) => phrases.flatMap(({ words }) => words.split(' '))),
  );
}

function lineOf({ kind, source, addedAt, page }: Sample, id: string): SampleLine {
  const begins = page.words.slice(0, wordsShown).map(({ text }) => text);
  return { id, kind, source, addedAt, begins: begins.join(' ') };
}
