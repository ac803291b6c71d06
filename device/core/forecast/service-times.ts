import { futures } from './draws.ts';
import { exponentialSlices, type Sliced, slice, type Weighted } from './sliced.ts';

/** A visit that ended at a window. */
export interface Visit {
  service: string;
  /** Whoever works at the window. */
  clerk: string;
  seconds: number;
}

/** How long visits take: learned from those that ended, and from the register before there are any. */
export interface ServiceTimes {
  learn(visit: Visit): void;
  /** Seconds of a visit with a clerk of usual speed. */
  visit(service: string): Sliced;
  /** What a visit still takes that has lasted so long: seconds for each slice of the chances. */
  rest(service: string, elapsedSeconds: number): (slice: number) => number;
  /** How much longer than others a clerk takes for the same services; 1 is usual. */
  pace(clerk: string): number;
}

/** Visits per service that are remembered; older ones are forgotten, since ways of working change. */
const remembered = 1500;
/** The mean remembers longer than the shape: it needs more visits to be known as well. */
const forgetting = 1 - 1 / 6000;
/** The register's norm counts like so many visits. */
const normWeight = 5;
/** A smooth shape counts like so many: few visits say little about those that last long. */
const shapeWeight = 60;
/** A clerk is as quick as the others until so many visits say something else. */
const paceWeight = 40;
/** A service that the register does not know, before anybody was served. */
const unknownSeconds = 600;
/** Coefficient of variation of visits when nothing is known: between regular and memoryless. */
const unknownSpread = 0.8;
const spreadWeight = 10;

interface Learned {
  seconds: number[];
  /** All visits, older ones counting less and less. */
  visits: number;
  sum: number;
  next: number;
  /** Visits since the slices were cut. */
  since: number;
  slices: Sliced | undefined;
}

/** `normSeconds`: what the register says about a service; undefined where it says nothing. */
export function createServiceTimes(normSeconds: (service: string) => number | undefined): ServiceTimes {
  const services = new Map<string, Learned>();
  const clerks = new Map<string, { visits: number; ratios: number }>();
  /** Squared distances of visits from the mean of their service, in that mean. */
  let squares = 0;
  const hall = { visits: 0, seconds: 0 };
  const normed = { seconds: 0, norms: 0 };

  function of(service: string): Learned {
    let known = services.get(service);
    if (!known) {
      known = { seconds: [], visits: 0, sum: 0, next: 0, since: 0, slices: undefined };
      services.set(service, known);
    }
    return known;
  }

  /** Mean before visits of this service are known: the norm as this hall keeps it, or the hall's own mean. */
  function expectedSeconds(service: string): number {
    const norm = normSeconds(service);
    if (norm === undefined) return (hall.seconds + unknownSeconds) / (hall.visits + 1);
    const kept = normWeight * unknownSeconds;
    return (norm * (normed.seconds + kept)) / (normed.norms + kept);
  }

  function meanSeconds(service: string): number {
    const { visits, sum } = of(service);
    return (sum + normWeight * expectedSeconds(service)) / (visits + normWeight);
  }

  function cut(service: string): Sliced {
    const { seconds } = of(service);
    const mean = meanSeconds(service);
    const sample: Weighted[] = seconds.map(value => ({ value, weight: 1 }));
    const variance = (squares + spreadWeight * unknownSpread ** 2) / (hall.visits + spreadWeight);
    const shape = weibull(Math.sqrt(variance));
    for (const part of shape) sample.push({ value: part * mean, weight: shapeWeight / futures });
    const slices = slice(sample);
    const scale = (mean * futures) / slices.reduce((sum, each) => sum + each, 0);
    return slices.map(each => each * scale);
  }

  function visit(service: string): Sliced {
    const known = of(service);
    // Cutting costs more than a visit teaches once there are many.
    if (!known.slices || known.since > known.seconds.length / 16) {
      known.slices = cut(service);
      known.since = 0;
    }
    return known.slices;
  }

  return {
    learn({ service, clerk, seconds }) {
      const usual = meanSeconds(service);
      const pace = clerks.get(clerk) ?? { visits: 0, ratios: 0 };
      clerks.set(clerk, { visits: pace.visits + 1, ratios: pace.ratios + Math.min(seconds / usual, 4) });
      squares += (Math.min(seconds / usual, 6) - 1) ** 2;
      hall.visits++;
      hall.seconds += seconds;
      const norm = normSeconds(service);
      if (norm !== undefined) {
        normed.seconds += seconds;
        normed.norms += norm;
      }
      const known = of(service);
      known.visits = known.visits * forgetting + 1;
      known.sum = known.sum * forgetting + seconds;
      known.seconds[known.next++ % remembered] = seconds;
      known.since++;
    },
    visit,
    rest(service, elapsedSeconds) {
      const all = visit(service);
      let passed = 0;
      while (passed < futures && (all[passed] ?? 0) <= elapsedSeconds) passed++;
      if (passed > futures - 2) {
        // Longer than nearly all that is known: as if it began to be memoryless.
        const mean = Math.max(meanSeconds(service), elapsedSeconds / 3);
        return slice => mean * (exponentialSlices[slice] ?? 0);
      }
      const before = all[passed - 1] ?? 0;
      const share = (elapsedSeconds - before) / ((all[passed] ?? 0) - before);
      const from = Math.max(0, passed - 0.5 + share);
      const left = futures - from;
      return slice => {
        const at = Math.min(from + ((slice + 0.5) * left) / futures - 0.5, futures - 1);
        const low = Math.floor(at);
        const lower = all[low] ?? 0;
        return Math.max(0, lower + ((all[low + 1] ?? lower) - lower) * (at - low) - elapsedSeconds);
      };
    },
    pace(clerk) {
      const { visits, ratios } = clerks.get(clerk) ?? { visits: 0, ratios: 0 };
      return (ratios + paceWeight) / (visits + paceWeight);
    },
  };
}

/** Slices of a Weibull distribution with mean 1: a power of the exponential that scatters about so much. */
function weibull(spread: number): Sliced {
  const raw = exponentialSlices.map(part => part ** spread);
  const mean = raw.reduce((sum, part) => sum + part, 0) / raw.length;
  return raw.map(part => part / mean);
}
