import type { Person, PlannedWindow } from './people.ts';
import { createRandom, type Random } from './random.ts';

export interface InventedBranch {
  people: Person[];
  windows: PlannedWindow[];
  normSeconds: (service: string) => number | undefined;
}

const [opens, closes, lunch] = [9 * 3600, 18 * 3600, 3600];
/** Services of the invented branch: norm of the register, mean of reality, share of visits. */
const services = [
  { service: 'Выдача результата', normSeconds: 300, meanSeconds: 360, share: 0.45 },
  { service: 'Приём заявления', normSeconds: 900, meanSeconds: 840, share: 0.4 },
  { service: 'Сделка с недвижимостью', normSeconds: 1500, meanSeconds: 1680, share: 0.15 },
];
/** How busy each hour is, beside the mean of the day. */
const hours = [0.9, 1.15, 1.2, 1.1, 0.9, 0.9, 1.0, 1.05, 0.8];

/** An invented branch of twelve windows: lunch breaks, clerks of different speed, a quarter of people booked. */
export function inventBranch(load: number, days: number, seed = 7, count = 12): InventedBranch {
  const random = createRandom(seed);
  const paces = Array.from({ length: count }, () => Math.min(1.5, Math.max(0.7, 1 + 0.15 * random.normal())));
  const windows: PlannedWindow[] = paces.map((pace, index) => {
    const breakAt = 12 * 3600 + (index % 3) * lunch;
    const openings = Array.from({ length: days }, (_, day) => [
      { fromSeconds: day * 86_400 + opens, toSeconds: day * 86_400 + breakAt },
      { fromSeconds: day * 86_400 + breakAt + lunch, toSeconds: day * 86_400 + closes },
    ]).flat();
    return { name: String(index + 1), openings, pace };
  });
  const mean = services.reduce((sum, { meanSeconds, share }) => sum + meanSeconds * share, 0);
  const perSecond = (load * paces.reduce((sum, pace) => sum + 1 / pace, 0) * 8) / 9 / mean;
  const people: Person[] = [];
  for (let day = 0; day < days; day++)
    for (let at = opens; ; ) {
      at += random.exponential(1 / (perSecond * 1.2));
      if (at > closes) break;
      if (random.uniform() > (hours[Math.floor((at - opens) / 3600)] ?? 1) / 1.2) continue;
      people.push(invent(day * 86_400 + at, random));
    }
  people.sort((a, b) => a.atSeconds - b.atSeconds);
  const norms = new Map(services.map(({ service, normSeconds }) => [service, normSeconds]));
  return { people, windows, normSeconds: service => norms.get(service) };
}

function invent(atSeconds: number, random: Random): Person {
  let draw = random.uniform();
  const kind = services.find(({ share }) => {
    draw -= share;
    return draw < 0;
  });
  const visitSeconds = Math.max(30, random.lognormal(kind?.meanSeconds ?? 600, 0.7));
  const person = { service: kind?.service ?? '', visitSeconds, patienceSeconds: Number.POSITIVE_INFINITY };
  if (random.uniform() >= 0.25) return { ...person, atSeconds };
  const bookedSeconds = Math.round(atSeconds / 900) * 900;
  return {
    ...person,
    bookedSeconds,
    isAbsent: random.uniform() < 0.06,
    atSeconds: Math.max(0, bookedSeconds - 240 + 180 * random.normal()),
  };
}
