import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { createTurns } from '../../platform/turns.ts';
import { factBodies } from '../../protocol/facts.ts';
import { limits } from '../../protocol/limits.ts';
import {
  type Birth,
  DownReceipt,
  decodeMessage,
  encodeMessage,
  protocolVersion,
  type Receipt,
} from '../../protocol/messages.ts';
import { ObservationEnvelope } from '../../protocol/observations.ts';
import { down } from '../../protocol/topics.ts';
import type { DownLogs } from '../ledger/down-logs.ts';
import { type Stream, streamKey } from '../ledger/inbox.ts';
import { createIntake, type Intake, type UpEnvelope } from '../ledger/intake.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ObservationBook } from '../ledger/observations.ts';
import type { Troubles } from '../ledger/troubles.ts';
import type { Storage } from '../storage/storage.ts';
import { openBoxLinks } from './box-links.ts';
import { groupCommit } from './group-commit.ts';
import type { IngressEvents } from './ingress.ts';

/** How long a downlink envelope may stay without a receipt before it is sent again. */
const receiptTimeoutMs = 10_000;
/** Bytes from the wire in one transaction: more would make the first of them wait for the last. */
const bytesPerCommit = 2 * 1024 * 1024;

/** A database server is asked a dozen questions for each batch, and a broker brings each receipt by itself. */
const serverGathersMs = 10;

export interface Sessions extends IngressEvents {
  /** Tells boxes where the centre stands with their journals. */
  sendReceipts(streams: readonly Stream[]): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The conversation with each box: watermarks up, the log down. Nothing here is state that matters, and
 * several centres may hold it with the same boxes: what was said twice is said twice.
 */
export function createSessions(parts: {
  storage: Storage;
  ledger: Ledger;
  /** What stores the facts; the ledger itself when nothing else is named. */
  intake?: Intake;
  downLogs: DownLogs;
  observations: ObservationBook;
  troubles: Troubles;
  clock: Clock;
  log: Log;
  send: (topic: string, payload: Buffer) => void;
  onBirth: (box: string, birth: Birth) => Promise<void>;
  onChange: () => void;
}): Sessions {
  const { ledger, downLogs, observations, troubles, clock, log, send, onChange } = parts;
  const { intake = createIntake(parts) } = parts;
  const links = openBoxLinks(parts.storage, clock);
  /** What was put on the wire last, by box: highest downlink number and when. */
  const sentDown = new Map<string, { seq: number; atMs: number }>();
  const turns = createTurns();
  let stopped = false;
  const store = groupCommit<UpEnvelope & { arrivedMs: number }>(
    async batch => {
      const newest = new Map(batch.map(({ box, arrivedMs }) => [box, arrivedMs]));
      for (const { box, receipt } of await intake(batch))
        sendReceipt(box, { ...receipt, heldMs: clock.monotonicMs() - (newest.get(box) ?? 0) });
      onChange();
    },
    // A thread stores one batch while another waits for the disk and a third is at hand when it is done.
    {
      ...{ weight: bytesPerCommit, of: ({ payload }) => payload.length },
      ...(parts.intake ? { atOnce: 3 } : { atOnce: 1, gatherMs: serverGathersMs }),
    },
  );

  downLogs.onAppend(pumpSoon);
  // An envelope that got lost, and what a centre that died had appended and not sent.
  const repeat = setInterval(() => void sendAgain(), receiptTimeoutMs);
  repeat.unref();

  const sendReceipt = (box: string, receipt: Receipt) =>
    send(down(box).receipt, encodeMessage({ ...receipt, at: clock.now().toISOString() }));

  async function sendReceipts(streams: readonly Stream[]): Promise<void> {
    const each = [...new Map(streams.map(stream => [streamKey(stream), stream])).values()];
    const receipts = await ledger.receipts(each);
    for (const [index, { box }] of each.entries()) sendReceipt(box, receipts[index] as Receipt);
  }

  function pumpSoon(box: string): void {
    turns
      .take(box, () => pumpDown(box))
      .catch(error => log.error({ box, err: error }, 'entries for a box could not be sent yet'));
  }

  async function pumpDown(box: string): Promise<void> {
    if (stopped || !(await links.isConnected(box))) return;
    const { log: id, receipted } = await downLogs.log(box);
    const sent = Math.max(sentDown.get(box)?.seq ?? receipted, receipted);
    if (sent - receipted >= limits.envelopeWindow * limits.factsPerEnvelope) return;
    const entries = await downLogs.entries(box, sent, limits.factsPerEnvelope);
    const last = entries.at(-1);
    if (!last) return;
    send(down(box).log, encodeMessage({ v: protocolVersion, log: id, entries }));
    // The time of the oldest that waits: new entries must not put off the repeat of old ones.
    sentDown.set(box, { seq: last.seq, atMs: sentDown.get(box)?.atMs ?? clock.monotonicMs() });
  }

  async function sendAgain(): Promise<void> {
    const boxes = await downLogs.behind().catch(error => {
      log.error({ err: error }, 'the downlinks could not be looked through');
      return [];
    });
    for (const box of boxes) {
      const { atMs } = sentDown.get(box) ?? {};
      if (atMs !== undefined && clock.monotonicMs() - atMs < receiptTimeoutMs) continue;
      sentDown.delete(box);
      pumpSoon(box);
    }
  }

  return {
    facts: (box, payload) => store({ box, payload, arrivedMs: clock.monotonicMs() }),
    birth: (box, birth, isRepeat) =>
      turns.take(box, async () => {
        await links.born(box, birth);
        sentDown.delete(box);
        const receipt = await ledger.receipt(box, birth.epoch);
        // A journal that is shorter than what it told before was put back from a copy without a new epoch
        // (F21). When the broker brings a birth again, the journal may have grown since.
        if (!isRepeat && receipt.stored > birth.newestSeq)
          await troubles.raise('sync.journal-forked', box, { seq: birth.newestSeq + 1 });
        const marks = await observations.marks({ box, epoch: birth.epoch });
        sendReceipt(box, { ...receipt, observations: marks, knows: Object.keys(factBodies) });
        if (await downLogs.meet(box, birth.heard))
          await troubles.raise('sync.down-log-restarted', box, { seq: birth.heard.upTo });
        await parts.onBirth(box, birth);
        await pumpDown(box);
        onChange();
      }),
    death: (box, session) =>
      turns.take(box, async () => {
        if (await links.died(box, session)) sentDown.delete(box);
        onChange();
      }),
    async downReceipt(box, payload) {
      const receipt = decodeMessage(DownReceipt, payload);
      await turns.take(box, async () => {
        const wentBack = await downLogs.accept(box, receipt.log, receipt.upTo);
        const { receipted } = await downLogs.log(box);
        if (wentBack || receipted >= (sentDown.get(box)?.seq ?? 0)) sentDown.delete(box);
        await pumpDown(box);
        onChange();
      });
    },
    async observations(box, payload) {
      const envelope = decodeMessage(ObservationEnvelope, payload);
      await observations.accept(box, envelope);
      const stream = { box, epoch: envelope.epoch };
      sendReceipt(box, {
        ...(await ledger.receipt(box, envelope.epoch)),
        observations: await observations.marks(stream),
      });
      onChange();
    },
    sendReceipts,
    async stop() {
      stopped = true;
      clearInterval(repeat);
      await turns.end();
    },
  };
}
