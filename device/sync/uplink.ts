import type { Log } from '../../platform/log.ts';
import { contentOf } from '../../protocol/facts.ts';
import { limits } from '../../protocol/limits.ts';
import { encodeMessage, protocolVersion, type Receipt } from '../../protocol/messages.ts';
import type { Blob } from '../../protocol/values.ts';
import type { Journal } from '../journal/journal.ts';

/** How long an envelope may stay without a receipt before everything after the watermark is sent anew. */
const receiptTimeoutMs = 10_000;

export interface Uplink {
  /** Sends what the window allows. Called when the link is ready, after commits and after receipts. */
  pump(): void;
  accept(receipt: Receipt): void;
  stop(): void;
}

/**
 * Facts from the outbox to the wire, for one connection. MQTT's own acknowledgement is ignored: only a
 * receipt frees the window (`stored`) and the outbox (`upTo`).
 */
export function createUplink(parts: {
  journal: Journal;
  publish: (payload: Buffer) => void;
  upload: (blob: Blob) => void;
  log: Log;
}): Uplink {
  const { journal, publish, upload, log } = parts;
  const inFlight: number[] = [];
  /** Unknown until the centre has told its watermark. */
  let sentUpTo: number | undefined;
  let stored = 0;
  let timer: NodeJS.Timeout | undefined;

  function pump(): void {
    while (sentUpTo !== undefined && inFlight.length < limits.envelopeWindow) {
      const facts = journal.unsent(sentUpTo, limits.factsPerEnvelope);
      const last = facts.at(-1);
      if (!last) break;
      for (const fact of facts) for (const blob of contentOf(fact)) upload(blob);
      publish(encodeMessage({ v: protocolVersion, epoch: journal.epoch, facts }));
      sentUpTo = last.seq;
      inFlight.push(last.seq);
    }
    clearTimeout(timer);
    if (inFlight.length > 0) timer = setTimeout(sendAnew, receiptTimeoutMs);
  }

  function sendAnew(): void {
    log.warn({ from: stored }, 'no receipt in time, sending again');
    inFlight.length = 0;
    sentUpTo = stored;
    pump();
  }

  function resend([first, last]: readonly [number, number]): void {
    for (let after = first - 1; after < last; ) {
      const facts = journal.read(after, limits.factsPerEnvelope).filter(fact => fact.seq <= last);
      const newest = facts.at(-1);
      if (!newest) return;
      publish(encodeMessage({ v: protocolVersion, epoch: journal.epoch, facts }));
      after = newest.seq;
    }
  }

  return {
    pump,
    accept(receipt) {
      if (receipt.epoch !== journal.epoch) return;
      for (const seq of journal.acceptReceipt(receipt))
        log.error({ code: 'sync.fact-refused', seq }, 'the centre set a fact aside');
      stored = Math.max(stored, receipt.stored);
      sentUpTo ??= receipt.stored;
      while ((inFlight[0] ?? Number.POSITIVE_INFINITY) <= receipt.stored) inFlight.shift();
      receipt.missing.forEach(resend);
      if (receipt.wanted.length > 0) {
        const wanted = new Set(receipt.wanted);
        for (const fact of journal.unsent(receipt.upTo, limits.factsPerEnvelope))
          for (const blob of contentOf(fact)) if (wanted.has(blob.sha256)) upload(blob);
      }
      pump();
    },
    stop: () => clearTimeout(timer),
  };
}
