import type { Clock } from '../../platform/clock.ts';
import type { Receipt } from '../../protocol/messages.ts';
import { isBoxSample, type ObservationEnvelope } from '../../protocol/observations.ts';
import type { ObservationClass } from '../../protocol/outbox.ts';
import type { Storage } from '../storage/storage.ts';
import { tableOf } from '../storage/table-columns.ts';
import type { Stream } from './inbox.ts';

type Marks = NonNullable<Receipt['observations']>;

/** Telemetry and logs of boxes: kept for some days, and the newest sample of each box (ADR 12). */
export interface ObservationBook {
  /** Stores what is new. When it resolves, it survives a power cut. */
  accept(box: string, envelope: ObservationEnvelope): Promise<void>;
  /** How far the observations of a box are stored. */
  marks(stream: Stream): Promise<Marks>;
}

const keptMs = 14 * 86_400_000;

export function openObservationBook(storage: Storage, clock: Clock): ObservationBook {
  return {
    accept: (box, { epoch, class: kind, dropped, observations }) =>
      storage.transaction(async transaction => {
        const { query } = transaction;
        const now = clock.now();
        const before = await marksIn(transaction, { box, epoch });
        const rows = observations
          .filter(({ seq }) => seq > before[kind])
          .map(({ seq, at, type, body }) => {
            const stored = { box, class: kind, epoch, seq, at, type, body: JSON.stringify(body) };
            return { ...stored, received_at: now.toISOString() };
          });
        await transaction.insertNew(tableOf('observations'), rows);
        const mark = { up_to: Math.max(before[kind], observations.at(-1)?.seq ?? 0), dropped };
        await query
          .insertInto('observation_marks')
          .values({ box, epoch, class: kind, ...mark })
          .onConflict(conflict => conflict.columns(['box', 'epoch', 'class']).doUpdateSet(mark))
          .execute();
        const newest = rows.findLast(({ type }) => type === 'box.sample');
        if (newest)
          await query
            .updateTable('boxes')
            .set({ sample: newest.body, sampled_at: newest.at })
            .where('box', '=', box)
            .execute();
        const tooOld = new Date(now.getTime() - keptMs).toISOString();
        await query
          .deleteFrom('observations')
          .where('box', '=', box)
          .where('class', '=', kind)
          .where('received_at', '<', tooOld)
          .execute();
      }),
    marks: stream => marksIn(storage, stream),
  };
}

async function marksIn({ query }: Pick<Storage, 'query'>, { box, epoch }: Stream): Promise<Marks> {
  const told = query.selectFrom('observation_marks').select(['class', 'up_to']).where('box', '=', box);
  const marks: Marks = { telemetry: 0, logs: 0 };
  for (const row of await told.where('epoch', '=', epoch).execute()) marks[row.class] = row.up_to;
  return marks;
}

/** What the newest sample of a box says of its outbox; undefined when it says nothing that we can read. */
export function outboxOf(sample: string | null) {
  const body: unknown = sample === null ? undefined : JSON.parse(sample);
  if (!isBoxSample(body)) return undefined;
  const sum = (of: 'rows' | 'dropped' | 'refused', kinds?: readonly ObservationClass[]) =>
    body.outbox
      .filter(counters => !kinds?.some(kind => kind === counters.class))
      .reduce((total, counters) => total + counters[of], 0);
  return {
    unsent: sum('rows', ['telemetry', 'logs']),
    dropped: sum('dropped'),
    refused: sum('refused'),
    intake: body.intake,
  };
}
