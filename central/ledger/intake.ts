import type { Log } from '../../platform/log.ts';
import { codeOf } from '../../protocol/app-error.ts';
import { decodeMessage, Envelope, type Receipt } from '../../protocol/messages.ts';
import { type Delivery, type Stream, streamKey } from './inbox.ts';
import type { Ledger } from './ledger.ts';
import type { Troubles } from './troubles.ts';

/** An envelope as it came from the wire. */
export interface UpEnvelope {
  box: string;
  payload: Uint8Array;
}

/**
 * Stores envelopes of many boxes in one transaction. When it resolves they survive a power cut; it answers
 * with a receipt of each journal in them. What cannot be read is dropped and told to operators.
 */
export type Intake = (batch: readonly UpEnvelope[]) => Promise<{ box: string; receipt: Receipt }[]>;

export function createIntake(parts: { ledger: Ledger; troubles: Troubles; log: Log }): Intake {
  const { ledger, troubles, log } = parts;
  return async batch => {
    const deliveries: Delivery[] = [];
    for (const { box, payload } of batch) {
      try {
        deliveries.push({ box, envelope: decodeMessage(Envelope, payload) });
      } catch (error) {
        await troubles.raise('sync.protocol-unknown', box, { sizeBytes: payload.length });
        log.error({ box, code: codeOf(error) }, 'an unreadable envelope was dropped');
      }
    }
    if (deliveries.length === 0) return [];
    await ledger.accept(deliveries);
    const journals = new Map<string, Stream>();
    for (const { box, envelope } of deliveries) {
      const stream = { box, epoch: envelope.epoch };
      journals.set(streamKey(stream), stream);
    }
    const streams = [...journals.values()];
    const receipts = await ledger.receipts(streams);
    return receipts.map((receipt, index) => ({ box: streams[index]?.box ?? '', receipt }));
  };
}
