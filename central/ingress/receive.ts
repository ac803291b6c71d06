import type { Log } from '../../platform/log.ts';
import { codeOf } from '../../protocol/app-error.ts';
import { limits } from '../../protocol/limits.ts';
import { Birth, Death, decodeMessage } from '../../protocol/messages.ts';
import type { UpKind } from '../../protocol/topics.ts';
import type { IngressEvents } from './ingress.ts';

export interface UpMessage {
  box: string;
  kind: UpKind;
  payload: Buffer;
  /** The broker may have brought this very message before. */
  isRepeat?: boolean;
}

/**
 * Hands one message of a box over, whatever broker brought it. When it resolves, the broker may
 * acknowledge: what was in it is stored, or it is of no use to anybody (F22). When it rejects, the
 * message must come again.
 */
export async function receive(events: IngressEvents, log: Log, message: UpMessage): Promise<void> {
  const { box, kind, payload, isRepeat = false } = message;
  if (payload.length > limits.messageBytes) {
    log.error({ box, kind, sizeBytes: payload.length }, 'an oversized message was dropped');
    return;
  }
  if (kind === 'facts') return events.facts(box, payload);
  if (kind === 'content') return events.content?.(box, payload);
  try {
    if (kind === 'birth') await events.birth(box, decodeMessage(Birth, payload), isRepeat);
    else if (kind === 'death') await events.death(box, decodeMessage(Death, payload).session);
    else if (kind === 'observations') await events.observations(box, payload);
    else await events.downReceipt(box, payload);
  } catch (error) {
    if (codeOf(error) !== 'internal.bad-request') throw error;
    log.error({ box, kind }, 'an unreadable message was dropped');
  }
}
