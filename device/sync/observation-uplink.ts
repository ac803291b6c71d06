import { encodeMessage, protocolVersion, type Receipt } from '../../protocol/messages.ts';
import type { ObservationEnvelope } from '../../protocol/observations.ts';
import type { ObservationClass } from '../../protocol/outbox.ts';
import type { Observations } from '../journal/observations.ts';

/** How long an envelope may stay without a receipt before it is sent again. */
const receiptTimeoutMs = 30_000;
/** Telemetry first. */
const classes: readonly ObservationClass[] = ['telemetry', 'logs'];

export interface ObservationUplink {
  /** Sends one envelope when nothing more important wants the line. */
  pump(): void;
  accept(receipt: Receipt): void;
  stop(): void;
}

/**
 * Telemetry and logs to the wire, for one connection: one envelope at a time, and only while every fact has
 * its receipt. Nothing is sent to a centre that did not say how far it has them: an older one takes none.
 */
export function createObservationUplink(parts: {
  observations: Observations;
  epoch: () => string;
  publish: (payload: Buffer) => void;
  /** No fact waits. */
  isIdle: () => boolean;
  /** What the line takes without holding up a fact for long. */
  maxBytes: () => number;
}): ObservationUplink {
  const { observations, epoch, publish, isIdle, maxBytes } = parts;
  let marks: NonNullable<Receipt['observations']> | undefined;
  let waiting: NodeJS.Timeout | undefined;
  let stopped = false;

  function pump(): void {
    if (stopped || marks === undefined || waiting !== undefined || !isIdle()) return;
    for (const kind of classes) {
      const batch = observations.read(kind, marks[kind], maxBytes());
      if (batch.length === 0) continue;
      const envelope: ObservationEnvelope = {
        v: protocolVersion,
        epoch: epoch(),
        class: kind,
        dropped: observations.held(kind).dropped,
        observations: batch,
      };
      publish(encodeMessage(envelope));
      waiting = setTimeout(again, receiptTimeoutMs);
      waiting.unref();
      return;
    }
  }

  function again(): void {
    waiting = undefined;
    pump();
  }

  return {
    pump,
    accept(receipt) {
      if (stopped || receipt.epoch !== epoch()) return;
      // A receipt of facts: the line may be free now.
      if (receipt.observations === undefined) return pump();
      for (const kind of classes)
        if (receipt.observations[kind] > (marks?.[kind] ?? 0))
          observations.forget(kind, receipt.observations[kind]);
      marks = receipt.observations;
      clearTimeout(waiting);
      again();
    },
    stop() {
      stopped = true;
      clearTimeout(waiting);
    },
  };
}
