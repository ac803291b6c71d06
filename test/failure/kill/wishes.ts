import type { TlsIdentity } from '../../../device/sync/centre-line.ts';

/** What the programs are started with, as JSON files. */
export interface BoxWish {
  box: string;
  dir: string;
  tls: TlsIdentity;
  register: string;
  mqttUrl: string;
  contentUrl: string;
  /** Wishes of kiosks that a kill left without an answer. */
  unanswered: readonly string[];
  /** Pause of the kiosks, the clerk and the scanner. */
  paceMs: number;
}

export interface CentreWish {
  dir: string;
  tls: TlsIdentity;
  boxes: readonly string[];
  paceMs: number;
}

/** Leaves nothing running when the test dies, also while this program starts. */
export function endWithParent(): void {
  if (!process.connected) process.exit(0);
  process.on('disconnect', () => process.exit(0));
}
