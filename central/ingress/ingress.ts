import type { Birth } from '../../protocol/messages.ts';

/** What the centre hears from boxes; whatever broker stands in between. */
export interface IngressEvents {
  /** Resolves when every delivery is stored for good; only then may the broker acknowledge. */
  facts(box: string, payload: Buffer): Promise<void>;
  /** `isRepeat`: the broker may have brought this very message before. */
  birth(box: string, birth: Birth, isRepeat?: boolean): Promise<void>;
  /** The session ended, by its own word or by the will. */
  death(box: string, session: number): Promise<void>;
  downReceipt(box: string, payload: Buffer): Promise<void>;
  /** Telemetry and logs; resolves when they are stored. */
  observations(box: string, payload: Buffer): Promise<void>;
  /** A request of the box's second session; without it content has no way over messages. */
  content?(box: string, payload: Buffer): Promise<void>;
}

export interface Ingress {
  /** Sends to one box; lost when it is not connected, which the protocol allows for. */
  send(topic: string, payload: Buffer): void;
  close(): Promise<void>;
}
