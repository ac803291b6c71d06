import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { MqttClient } from 'mqtt';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { codeOf } from '../../protocol/app-error.ts';
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
import type { Journal } from '../journal/journal.ts';
import type { Observations } from '../journal/observations.ts';
import { type CentreLine, codeOfLine, timesOf } from './centre-line.ts';
import type { ContentClient } from './content-client.ts';
import type { Downlink } from './downlink.ts';
import { createLineWindow, type LineQuality } from './line-window.ts';
import { createObservationUplink } from './observation-uplink.ts';
import { createUplink } from './uplink.ts';

/** A connection that lived shorter does not count as a success. */
const steadyAfterMs = 30_000;
/** A connection on which the centre has not told its watermark by then is given up. */
const watermarkWithinMs = 30_000;
/** Observations of one message, before compression. */
const observationBytes = 16 * 1024;
/** How long the good-bye may take; on a dead line it would never end. */
const goodByeMs = 2_000;

export interface ConnectionOptions {
  box: string;
  url: string;
  line: CentreLine;
  journal: Journal;
  observations: Observations;
  content: ContentClient;
  downlink: Downlink;
  birth: () => Pick<Birth, 'software' | 'registerVersion' | 'clock' | 'peripherals'>;
  clock: Clock;
  log: Log;
  /** The centre told its time, ISO 8601. */
  onCentreTime?: (at: string) => void;
  onChange: () => void;
  /** Seconds between signs of life. */
  keepaliveSeconds?: number;
  /** How long the centre may take to tell its watermark. */
  watermarkWithinMs?: number;
}

/** One connection to the centre, from its first packet to its break. */
export interface Connection {
  /** Facts or observations were kept. */
  pumpFacts(): void;
  pumpObservations(): void;
  /** How the line is, as receipts tell; null before the centre took the subscriptions. */
  quality(): LineQuality | null;
  /** Nothing more is sent but the good-bye. */
  end(): Promise<void>;
}

/** What a connection tells the link that it belongs to. */
export interface ConnectionEvents {
  /** The centre took the subscriptions. False when nobody wants the connection any more. */
  accepted(): boolean;
  /** The centre told its watermark, for the first time. */
  greeted(): void;
  /** It lived for half a minute. */
  lasted(): void;
  closed(code: ErrorCode): void;
  /** A transfer or a new epoch failed. */
  failed(error: unknown): void;
  /** An entry of the centre could not be applied. */
  notApplied(error: unknown): void;
}

/**
 * Opens a connection. MQTT.js is only the wire: clean session, no queue and no reconnects of its own; what must not be
 * lost stays in the outbox until a receipt.
 */
export function openConnection(
  options: ConnectionOptions,
  { session, startBytes }: { session: number; startBytes: number },
  events: ConnectionEvents,
): Connection {
  const { box, journal, observations, content, downlink, clock, log, onChange } = options;
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
  let bornAtMs: number | undefined;
  let isGreeted = false;
  let isSecure = false;
  let wasConnected = false;
  let fault: ErrorCode | undefined;
  let maySay: (at: string) => boolean = () => false;
  let silence: NodeJS.Timeout | undefined;
  let lasting: NodeJS.Timeout | undefined;
  const window = createLineWindow({ startBytes, nowMs: clock.monotonicMs });

  const publish = (topic: string, payload: Buffer) => {
    if (wire.connected) wire.publish(topic, payload, { qos: 1 });
  };
  const facts = createUplink({
    journal,
    publish: payload => publish(up(box).facts, payload),
    window,
    upload: blob => {
      content.upload(blob).catch(events.failed);
    },
    onForked(stored) {
      const first = journal.head() + 1;
      const lost: [number, number][] = stored >= first ? [[first, stored]] : [];
      // The next connection is born with the new epoch.
      journal
        .beginEpoch('restored-from-copy', { lost, knownUpTo: stored })
        .then(() => wire.end(true))
        .catch(events.notApplied);
    },
    log,
  });
  const seen = createObservationUplink({
    observations,
    epoch: () => journal.epoch,
    publish: payload => publish(up(box).observations, payload),
    isIdle: facts.isIdle,
    maxBytes: () => Math.min(observationBytes, window.bytes()),
  });

  function beBorn(): void {
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
  }

  function accept(receipt: Receipt): void {
    if (receipt.at && maySay(receipt.at)) options.onCentreTime?.(receipt.at);
    else if (receipt.at && bornAtMs !== undefined && !isGreeted) {
      // Its certificate had ended by its own clock, or it lies about the time (ADR 52).
      fault = 'sync.centre-untrusted';
      wire.end(true);
      return;
    }
    if (receipt.knows) compareTypes(receipt.knows);
    clearTimeout(silence);
    if (bornAtMs !== undefined && !isGreeted) {
      isGreeted = true;
      events.greeted();
      window.greeted(clock.monotonicMs() - bornAtMs);
      lasting = setTimeout(events.lasted, steadyAfterMs);
      lasting.unref();
    }
    facts.accept(receipt);
    seen.accept(receipt);
  }

  /** Each side parks what it cannot read; here it is only told (F23). */
  function compareTypes(centreKnows: readonly string[]): void {
    const unread = Object.keys(factBodies).filter(type => !centreKnows.includes(type));
    if (unread.length > 0)
      log.warn({ code: 'sync.facts-parked', unread }, 'the centre is older than this box');
  }

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
      if (error) wire.end(true);
      else if (events.accepted()) beBorn();
    });
  });
  wire.on('message', (topic, payload) => {
    try {
      if (topic === down(box).receipt) accept(decodeMessage(Receipt, payload));
      else if (topic === down(box).log)
        downlink
          .accept(decodeMessage(DownEnvelope, payload))
          .then(receipt => publish(up(box).receipt, encodeMessage(receipt)))
          .catch(events.notApplied);
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
    stopSending();
    wire.removeAllListeners();
    wire.on('error', () => {});
    // A server that does not believe a certificate hangs up after the handshake without a word.
    const refused = isSecure && !wasConnected;
    events.closed(fault ?? (refused ? 'sync.identity-refused' : 'sync.centre-unreachable'));
  });

  function stopSending(): void {
    facts.stop();
    seen.stop();
  }

  return {
    pumpFacts: facts.pump,
    pumpObservations: seen.pump,
    quality: () => (bornAtMs === undefined ? null : window.quality()),
    async end() {
      stopSending();
      if (wire.connected)
        wire.publish(up(box).death, encodeMessage({ v: protocolVersion, session }), { qos: 0 });
      const ended = wire
        .endAsync(!wire.connected)
        .catch((error: unknown) => log.debug({ reason: String(error) }, 'link end'));
      const closed = new Promise(resolve => wire.stream.once('close', resolve));
      await Promise.race([ended, closed, sleep(goodByeMs, undefined, { ref: false })]);
      wire.stream.destroy();
    },
  };
}
