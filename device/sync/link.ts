import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { MqttClient } from 'mqtt';
import { type Backoff, createBackoff } from '../../platform/backoff.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { LinkView } from '../../protocol/api/box.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { factBodies } from '../../protocol/facts.ts';
import {
  type Birth,
  DownEnvelope,
  decodeMessage,
  downTypes,
  encodeMessage,
  protocolVersion,
  Receipt,
} from '../../protocol/messages.ts';
import { down, up } from '../../protocol/topics.ts';
import type { BoxState } from '../journal/box-state.ts';
import type { Journal } from '../journal/journal.ts';
import type { Observations } from '../journal/observations.ts';
import { type CentreLine, timesOf } from './centre-line.ts';
import type { ContentClient } from './content-client.ts';
import type { Downlink } from './downlink.ts';
import {
  createLineWindow,
  firstBytes,
  type LineQuality,
  type LineWindow,
  smallestBytes,
} from './line-window.ts';
import { afterEvent, type LinkEvent, type LinkPhase, shownState, wasSteady } from './link-phases.ts';
import { createObservationUplink, type ObservationUplink } from './observation-uplink.ts';
import { createUplink, type Uplink } from './uplink.ts';

/** A connection that lived shorter does not count as a success (DESIGN section 4). */
const steadyAfterMs = 30_000;
/** A connection on which the centre has not told its watermark by then is given up. */
const watermarkWithinMs = 30_000;
/** Observations of one message, before compression. */
const observationBytes = 16 * 1024;
/** How long the good-bye may take; on a dead line it would never end. */
const goodByeMs = 2_000;

export interface Link {
  start(): void;
  stop(): Promise<void>;
  state(): { state: LinkView['state']; since: string; code: ErrorCode | null };
  /** How the line is, as receipts tell; null without a connection. */
  quality(): LineQuality | null;
}

export interface LinkOptions {
  box: string;
  url: string;
  line: CentreLine;
  journal: Journal;
  boxState: BoxState;
  observations: Observations;
  content: ContentClient;
  downlink: Downlink;
  birth: () => Pick<Birth, 'software' | 'registerVersion' | 'clock' | 'peripherals'>;
  clock: Clock;
  log: Log;
  /** The centre told its time, ISO 8601. */
  onCentreTime?: (at: string) => void;
  onChange: () => void;
  backoff?: Backoff;
  /** Seconds between signs of life. */
  keepaliveSeconds?: number;
  /** How long the centre may take to tell its watermark. */
  watermarkWithinMs?: number;
}

/**
 * The link to the centre. MQTT.js is only the wire: a new client for each connection, clean session, no
 * queue and no reconnects of its own; what must not be lost stays in the outbox until a receipt.
 */
export function createLink(options: LinkOptions): Link {
  const { box, journal, boxState, observations, content, downlink, clock, log, onChange } = options;
  const backoff = options.backoff ?? createBackoff(500, 60_000);
  let phase: LinkPhase = 'idle';
  let since = clock.now().toISOString();
  let code: ErrorCode | null = null;
  let client: MqttClient | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lastSession = Number(boxState.get('session') ?? 0);
  /** The last connection broke before it was steady. */
  let isFlapping = false;
  let current: { facts: Uplink; observations: ObservationUplink; window: LineWindow } | undefined;

  const listening = [
    journal.onCommit(() => current?.facts.pump()),
    observations.onKept(() => current?.observations.pump()),
  ];

  /** True when the event means something now. */
  function step(event: LinkEvent, reason = code): boolean {
    const next = afterEvent(phase, event);
    if (next === undefined) return false;
    if (shownState(next) !== shownState(phase)) since = clock.now().toISOString();
    [phase, code] = [next, reason];
    onChange();
    return true;
  }

  function connect(): void {
    const session = ++lastSession;
    // A full disk must not keep the box from sending what it holds.
    journal
      .commit([], () => boxState.set('session', String(session)), 'lazily')
      .catch((error: unknown) => log.warn({ code: codeOf(error) }, 'the session number is not kept'));
    const wire = new MqttClient(() => options.line.connect(options.url), {
      clientId: box,
      clean: true,
      protocolVersion: 4,
      reconnectPeriod: 0,
      connectTimeout: 10_000,
      keepalive: options.keepaliveSeconds ?? 20,
      queueQoSZero: false,
      will: {
        topic: up(box).death,
        payload: encodeMessage({ v: protocolVersion, session }),
        qos: 1,
        retain: false,
      },
    });
    client = wire;
    let bornAtMs: number | undefined;
    let isSecure = false;
    let wasConnected = false;
    let fault: ErrorCode | undefined;
    let maySay: (at: string) => boolean = () => false;
    let silence: NodeJS.Timeout | undefined;
    let lasting: NodeJS.Timeout | undefined;
    // After a flap the window starts at its smallest, and opens only as far as receipts come in time (F16).
    const startBytes = isFlapping ? smallestBytes : firstBytes;
    const window = createLineWindow({ startBytes, nowMs: clock.monotonicMs });

    const publish = (topic: string, payload: Buffer) => {
      if (wire.connected) wire.publish(topic, payload, { qos: 1 });
    };
    const uplink = createUplink({
      journal,
      publish: payload => publish(up(box).facts, payload),
      window,
      upload: blob => {
        content.upload(blob).catch(stoppedOrThrow);
      },
      onForked(stored) {
        const first = journal.head() + 1;
        const lost: [number, number][] = stored >= first ? [[first, stored]] : [];
        // The next connection is born with the new epoch.
        journal
          .beginEpoch('restored-from-copy', { lost, knownUpTo: stored })
          .then(() => wire.end(true))
          .catch(keptOrThrow);
      },
      log,
    });
    const observationUplink = createObservationUplink({
      observations,
      epoch: () => journal.epoch,
      publish: payload => publish(up(box).observations, payload),
      isIdle: uplink.isIdle,
      maxBytes: () => Math.min(observationBytes, window.bytes()),
    });

    wire.on('connect', () => {
      wasConnected = true;
      maySay = timesOf(wire.stream as TLSSocket);
      // From here on: a broker that answers to signs of life and to nothing else would be believed for ever.
      silence = setTimeout(() => {
        log.warn('the centre does not tell its watermark');
        wire.end(true);
      }, options.watermarkWithinMs ?? watermarkWithinMs);
      // Quality 0: what the centre says may get lost and is said again. For quality 1 a broker of a cluster
      // keeps a durable queue per box, which dies with its node and cannot be made anew on another (ADR 17).
      wire.subscribe([down(box).receipt, down(box).log], { qos: 0 }, error => {
        if (error) return wire.end(true);
        if (!step('accepted')) return;
        current = { facts: uplink, observations: observationUplink, window };
        bornAtMs = clock.monotonicMs();
        const birth: Birth = {
          v: protocolVersion,
          session,
          epoch: journal.epoch,
          oldestSeq: 1,
          newestSeq: journal.head(),
          at: clock.now().toISOString(),
          heard: downlink.heard(),
          knows: downTypes,
          ...options.birth(),
        };
        publish(up(box).birth, encodeMessage(birth));
      });
    });
    wire.on('message', (topic, payload) => {
      try {
        if (topic === down(box).receipt) {
          const receipt = decodeMessage(Receipt, payload);
          if (receipt.at && maySay(receipt.at)) options.onCentreTime?.(receipt.at);
          else if (receipt.at && phase === 'greeting') {
            // Its certificate had ended by its own clock, or it lies about the time (ADR 52).
            fault = 'sync.centre-untrusted';
            wire.end(true);
            return;
          }
          if (receipt.knows) compareTypes(receipt.knows);
          clearTimeout(silence);
          if (step('watermark', null)) {
            window.greeted(clock.monotonicMs() - (bornAtMs ?? clock.monotonicMs()));
            lasting = setTimeout(step, steadyAfterMs, 'lasted');
            lasting.unref();
          }
          uplink.accept(receipt);
          observationUplink.accept(receipt);
        } else if (topic === down(box).log)
          downlink
            .accept(decodeMessage(DownEnvelope, payload))
            .then(receipt => publish(up(box).receipt, encodeMessage(receipt)))
            .catch(keptOrThrow);
        onChange();
      } catch (error) {
        if (codeOf(error) !== 'internal.bad-request') throw error;
        log.error({ topic, code: codeOf(error) }, 'a message of the centre could not be read');
      }
    });
    const onError = (error: Error) => {
      fault = codeOfLine(error);
      log.debug({ reason: String(error) }, 'link error');
    };
    wire.on('error', onError);
    // MQTT.js keeps TLS alerts to itself.
    wire.stream.on('error', onError);
    wire.stream.once('secureConnect', () => {
      isSecure = true;
    });
    wire.on('close', () => {
      clearTimeout(silence);
      clearTimeout(lasting);
      uplink.stop();
      observationUplink.stop();
      current = undefined;
      wire.removeAllListeners();
      wire.on('error', () => {});
      isFlapping = !wasSteady(phase);
      if (!isFlapping) backoff.reset();
      // A server that does not believe a certificate hangs up after the handshake without a word.
      const refused = isSecure && !wasConnected;
      if (!step('closed', fault ?? (refused ? 'sync.identity-refused' : 'sync.centre-unreachable'))) return;
      timer = setTimeout(() => {
        if (step('due')) connect();
      }, backoff.next());
    });
  }

  /** Each side parks what it cannot read; here it is only told (F23). */
  function compareTypes(centreKnows: readonly string[]): void {
    const unread = Object.keys(factBodies).filter(type => !centreKnows.includes(type));
    if (unread.length > 0)
      log.warn({ code: 'sync.facts-parked', unread }, 'the centre is older than this box');
  }

  /** Transfers end with an abort when the box stops; anything else is a defect and must be seen. */
  function stoppedOrThrow(error: unknown): void {
    if (phase === 'stopped') return;
    log.fatal({ err: error }, 'sync failed');
    throw error;
  }

  /** An entry that cannot be applied now stays unreceipted and comes again; the branch goes on (F22). */
  function keptOrThrow(error: unknown): void {
    if (error instanceof AppError)
      log.error({ err: error, code: error.code }, 'a downlink entry could not be applied');
    else stoppedOrThrow(error);
  }

  return {
    start() {
      // After an update: what the version before could not read.
      downlink.replay().catch(keptOrThrow);
      if (step('start')) connect();
    },
    async stop() {
      step('stop');
      clearTimeout(timer);
      for (const unsubscribe of listening) unsubscribe();
      content.stop();
      current?.facts.stop();
      current?.observations.stop();
      const wire = client;
      if (!wire) return;
      if (wire.connected)
        wire.publish(up(box).death, encodeMessage({ v: protocolVersion, session: lastSession }), { qos: 0 });
      const ended = wire
        .endAsync(!wire.connected)
        .catch((error: unknown) => log.debug({ reason: String(error) }, 'link end'));
      const closed = new Promise(resolve => wire.stream.once('close', resolve));
      await Promise.race([ended, closed, sleep(goodByeMs, undefined, { ref: false })]);
      wire.stream.destroy();
    },
    state: () => ({ state: shownState(phase), since, code }),
    quality: () => current?.window.quality() ?? null,
  };
}

/** F20: who refused whom. An alert or «not authorized» comes from the centre; a code is our own verdict on what answers. */
function codeOfLine(error: Error): ErrorCode {
  if (error instanceof AppError) return error.code;
  const text = `${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}`;
  return /alert|not authorized/i.test(text) ? 'sync.identity-refused' : 'sync.centre-unreachable';
}
