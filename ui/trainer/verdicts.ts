import type { SampleLine, SampleVerdict } from '../../protocol/trainer.ts';

/** A sample with what the rules make of it now, and whether that is other than with the rules in force. */
export interface Judged extends SampleLine {
  verdict: SampleVerdict | undefined;
  isRight: boolean;
  change: 'better' | 'worse' | null;
}

export interface Group {
  kind: string;
  right: number;
  samples: Judged[];
}

type Verdicts = readonly SampleVerdict[] | null;

export function judge(samples: readonly SampleLine[], inForce: Verdicts, now: Verdicts): Judged[] {
  const [before, after] = [byId(inForce), byId(now)];
  return samples.map(sample => {
    const verdict = after.get(sample.id);
    const isRight = verdict?.guess === sample.kind;
    const old = before.get(sample.id);
    const wasRight = old?.guess === sample.kind;
    const change = !verdict || !old || wasRight === isRight ? null : isRight ? 'better' : 'worse';
    return { ...sample, verdict, isRight, change };
  });
}

/** By the right kind; groups and samples that are told wrong come first, then those that are unsure. */
export function grouped(samples: readonly Judged[]): Group[] {
  const groups = [...Map.groupBy(samples, ({ kind }) => kind)].map(([kind, all]) => ({
    kind,
    right: all.filter(({ isRight }) => isRight).length,
    samples: all.toSorted((a, b) => Number(a.isRight) - Number(b.isRight) || sureness(a) - sureness(b)),
  }));
  const share = ({ right, samples: all }: Group) => right / all.length;
  return groups.toSorted((a, b) => share(a) - share(b) || a.kind.localeCompare(b.kind));
}

/** A wrong guess is the worse the surer it is. */
const sureness = ({ isRight, verdict }: Judged) => (verdict?.sure ?? 0) * (isRight ? 1 : -1);

const byId = (verdicts: Verdicts) => new Map((verdicts ?? []).map(verdict => [verdict.id, verdict]));
