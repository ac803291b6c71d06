import type { Log } from '../../platform/log.ts';
import { codeOf } from '../../protocol/app-error.ts';
import { decodeMessage, Envelope } from '../../protocol/messages.ts';
import type { Delivery } from './inbox.ts';
import type { BoxReceipt, Ledger } from './ledger.ts';
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
export type Intake = (batch: readonly UpEnvelope[]) => Promise<BoxReceipt[]>;

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
    return deliveries.length > 0 ? await ledger.accept(deliveries) : [];
  };
}
