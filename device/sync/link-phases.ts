import type { LinkView } from '../../protocol/api/box.ts';

export type LinkPhase =
  /** Not started. */
  | 'idle'
  /** TCP, TLS, MQTT and the subscriptions. */
  | 'connecting'
  /** The birth is on its way; the centre has not told its watermark. */
  | 'greeting'
  /** Facts flow. */
  | 'linked'
  /** They flow for so long that the next break is the first of its kind. */
  | 'steady'
  /** The line broke; the back-off runs. */
  | 'waiting'
  | 'stopped';

export type LinkEvent =
  | 'start'
  /** The centre took our subscriptions. */
  | 'accepted'
  /** The centre told its watermark. */
  | 'watermark'
  /** The connection lived for half a minute. */
  | 'lasted'
  | 'closed'
  /** The wait between two tries is over. */
  | 'due'
  | 'stop';

const transitions: Record<LinkPhase, Partial<Record<LinkEvent, LinkPhase>>> = {
  idle: { start: 'connecting', stop: 'stopped' },
  connecting: { accepted: 'greeting', closed: 'waiting', stop: 'stopped' },
  greeting: { watermark: 'linked', closed: 'waiting', stop: 'stopped' },
  linked: { lasted: 'steady', closed: 'waiting', stop: 'stopped' },
  steady: { closed: 'waiting', stop: 'stopped' },
  waiting: { due: 'connecting', stop: 'stopped' },
  stopped: {},
};

/** Where an event leads; undefined when it means nothing in this phase, as a watermark that is told again. */
export function afterEvent(phase: LinkPhase, event: LinkEvent): LinkPhase | undefined {
  return transitions[phase][event];
}

/**
 * What a break says of the line. Only one that had been steady starts the back-off anew (F16); after any
 * other the next connection begins with the smallest window.
 */
export const wasSteady = (phase: LinkPhase) => phase === 'steady';

const shown: Record<LinkPhase, LinkView['state']> = {
  idle: 'offline',
  connecting: 'connecting',
  greeting: 'connecting',
  linked: 'connected',
  steady: 'connected',
  waiting: 'offline',
  stopped: 'offline',
};

export const shownState = (phase: LinkPhase) => shown[phase];
