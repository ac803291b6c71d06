import type { Log } from '../../platform/log.ts';
import { contentOf, type Fact } from '../../protocol/facts.ts';
import { limits } from '../../protocol/limits.ts';
import { encodeMessage, protocolVersion, type Receipt } from '../../protocol/messages.ts';
import type { Blob } from '../../protocol/values.ts';
import type { Journal } from '../journal/journal.ts';
import type { LineWindow, Receipted } from './line-window.ts';

/** How long an envelope may stay without a receipt before everything after the watermark is sent anew. */
const receiptTimeoutMs = 10_000;
const firstBytesPerFact = 100;
/** On a narrow line; on a wide one the size of an envelope is limited, and more of them fit. */
const envelopesInWindow = 4;

export interface Uplink {
  /** Sends what the window allows, from now on. Called when the link is ready, after commits and after receipts. */
  pump(): void;
  accept(receipt: Receipt): void;
  /** The centre has told its watermark and no fact waits for the line. */
  isIdle(): boolean;
  stop(): void;
}

/**
 * Facts to the wire, for one connection, from the watermark that the centre tells: a centre that lost
 * facts gets them again. MQTT's own acknowledgement is ignored: only a receipt frees the window
 * (`stored`) and the outbox (`upTo`).
 */
export function createUplink(parts: {
  journal: Journal;
  publish: (payload: Buffer) => void;
  window: LineWindow;
  upload: (blob: Blob) => void;
  /** The centre holds facts of this epoch, up to a number, that are not ours. */
  onForked: (stored: number) => void;
  log: Log;
}): Uplink {
  const { journal, publish, window, upload, log } = parts;
  const inFlight: { upTo: number; sizeBytes: number; received: (receipted: Receipted) => void }[] = [];
  /** Compressed, as the last envelopes had it. */
  let bytesPerFact = firstBytesPerFact;
  /** Unknown until the centre has told its watermark. */
  let sentUpTo: number | undefined;
  let stored = 0;
  /** Content that was named or looked for on this connection, by its digest; undefined for what no fact of ours names. */
  const known = new Map<string, Blob | undefined>();
  let timer: NodeJS.Timeout | undefined;
  let next: NodeJS.Immediate | undefined;
  let stopped = false;

  /** One envelope in a turn of the event loop: it leaves while the next one is made, and the hall goes on. */
  function pump(): void {
    clearImmediate(next);
    if (stopped || sentUpTo === undefined || inFlight.length >= limits.envelopeWindow) return;
    const [inFlightBytes, envelopeBytes] = [bytesInFlight(), window.bytes() / envelopesInWindow];
    if (inFlight.length > 0 && inFlightBytes + envelopeBytes / 2 > window.bytes()) return;
    const sent = send(journal.read(sentUpTo, factsIn(envelopeBytes)), envelopeBytes);
    if (!sent) return;
    sentUpTo = sent.upTo;
    inFlight.push({ ...sent, received: window.sent(sent.sizeBytes, { inFlightBytes }) });
    // A running timer is left alone: a busy hall must not put off the repeat of what got lost.
    timer ??= setTimeout(sendAnew, receiptTimeoutMs);
    next = setImmediate(pump);
  }

  const bytesInFlight = () => inFlight.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const factsIn = (bytes: number) =>
    Math.max(1, Math.min(limits.factsPerEnvelope, Math.round(bytes / bytesPerFact)));

  /** Publishes as many of the facts as one message may carry. */
  function send(facts: Fact[], envelopeBytes: number): { upTo: number; sizeBytes: number } | undefined {
    const last = facts.at(-1);
    if (!last) return undefined;
    const payload = encodeMessage({ v: protocolVersion, epoch: journal.epoch, facts });
    const sizeBytes = payload.length;
    bytesPerFact = (bytesPerFact + sizeBytes / facts.length) / 2;
    // Much larger than facts were so far: it would hold up the small ones behind it.
    if (sizeBytes > Math.min(limits.messageBytes, 2 * envelopeBytes) && facts.length > 1)
      return send(facts.slice(0, Math.ceil(facts.length / 2)), envelopeBytes);
    for (const blob of facts.flatMap(contentOf)) bring(blob);
    publish(payload);
    return { upTo: last.seq, sizeBytes };
  }

  /** One receipt may be for several envelopes; only the newest tells how long the line took. */
  function free({ stored, heldMs = 0 }: Receipt): void {
    const receipted = inFlight.splice(0, inFlight.findLastIndex(({ upTo }) => upTo <= stored) + 1);
    const sizeBytes = receipted.reduce((sum, envelope) => sum + envelope.sizeBytes, 0);
    receipted.at(-1)?.received({ sizeBytes, heldMs });
  }

  function sendAnew(): void {
    log.warn({ from: stored }, 'no receipt in time, sending again');
    timer = undefined;
    window.lost();
    inFlight.length = 0;
    sentUpTo = stored;
    pump();
  }

  function bring(blob: Blob): void {
    known.set(blob.sha256, blob);
    upload(blob);
  }

  /**
   * Content of facts that are stored. It may lie far behind the first that is wanted, which this box may have
   * lost; and before what was receipted once: a centre that was updated may name content that it passed over.
   */
  function bringWanted({ upTo, wanted }: Receipt): void {
    const sought = new Set(wanted.filter(sha256 => !known.has(sha256)));
    for (let after = upTo; sought.size > 0; ) {
      const facts = journal.read(after, limits.factsPerEnvelope);
      const last = facts.at(-1);
      if (!last) break;
      for (const blob of facts.flatMap(contentOf))
        if (sought.delete(blob.sha256)) known.set(blob.sha256, blob);
      after = last.seq;
    }
    // Not looked for with every receipt.
    for (const sha256 of sought) known.set(sha256, undefined);
    for (const blob of wanted.map(sha256 => known.get(sha256))) if (blob) upload(blob);
  }

  function isForked({ stored, head }: Receipt): boolean {
    return stored > journal.head() || (head !== undefined && stored > 0 && journal.hashOf(stored) !== head);
  }

  function restTimer(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  return {
    pump,
    accept(receipt) {
      if (stopped || receipt.epoch !== journal.epoch) return;
      if (isForked(receipt)) {
        // Put back from a copy: numbers would be used twice. Nothing more is sent in this epoch (F21).
        log.error(
          { code: 'sync.journal-forked', seq: journal.head() + 1 },
          'the centre has other facts than we',
        );
        stopped = true;
        restTimer();
        parts.onForked(receipt.stored);
        return;
      }
      for (const seq of journal.acceptReceipt(receipt))
        log.error({ code: 'sync.fact-refused', seq }, 'the centre set a fact aside');
      if (receipt.stored > stored) restTimer();
      stored = Math.max(stored, receipt.stored);
      sentUpTo ??= receipt.stored;
      free(receipt);
      if (inFlight.length === 0) restTimer();
      const [hole] = receipt.missing;
      if (hole) {
        const facts = journal.read(hole[0] - 1, factsIn(window.bytes()));
        send(
          facts.filter(fact => fact.seq <= hole[1]),
          window.bytes(),
        );
      }
      bringWanted(receipt);
      pump();
    },
    isIdle: () => inFlight.length === 0 && sentUpTo !== undefined && sentUpTo >= journal.head(),
    stop() {
      stopped = true;
      restTimer();
    },
  };
}
