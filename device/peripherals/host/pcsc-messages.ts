/** From the box to the process that speaks with pcscd. */
export type PcscOrder = { kind: 'transmit'; id: number; reader: string; apdu: Uint8Array } | { kind: 'ping' };

/** And back. Readers come whole with every change; a card that lies in one is told after them. */
export type PcscNews =
  | { kind: 'readers'; serviceRuns: boolean; readers: string[] }
  | { kind: 'card'; reader: string; atr: Uint8Array }
  | { kind: 'card-unreadable'; reader: string }
  | { kind: 'card-gone'; reader: string }
  | { kind: 'answer'; id: number; bytes: Uint8Array }
  | { kind: 'no-answer'; id: number; why: 'gone' | 'unreadable' }
  | { kind: 'pong'; memoryBytes: number };
