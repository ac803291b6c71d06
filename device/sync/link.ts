import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import mqtt, { type MqttClient } from 'mqtt';
import { type Backoff, createBackoff } from '../../platform/backoff.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { LinkView } from '../../protocol/api.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import {
  type Birth,
  DownEnvelope,
  decodeMessage,
  encodeMessage,
  protocolVersion,
  Receipt,
} from '../../protocol/messages.ts';
import { down, up } from '../../protocol/topics.ts';
import type { BoxState } from '../journal/box-state.ts';
import type { Journal } from '../journal/journal.ts';
import type { ContentClient, TlsIdentity } from './content-client.ts';
import type { Downlink } from './downlink.ts';
import { createUplink, type Uplink } from './uplink.ts';

/** A connection that lived shorter does not count as a success (DESIGN section 4). */
const steadyAfterMs = 30_000;
/** A connection on which the centre has not told its watermark by then is given up. */
const watermarkWithinMs = 30_000;
/** How long the good-bye may take; on a dead line it would never end. */
const goodByeMs = 2_000;

export interface Link {
  start(): void;
  stop(): Promise<void>;
  state(): { state: LinkView['state']; since: string; code: ErrorCode | null };
}

export interface LinkOptions {
  box: string;
  url: string;
  tls: TlsIdentity;
  journal: Journal;
  boxState: BoxState;
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
}

/**
 * The link to the centre. MQTT.js is only the wire: a new client for each connection, clean session, no
 * queue and no reconnects of its own; what must not be lost stays in the outbox until a receipt.
 */
export function createLink(options: LinkOptions): Link {
  const { box, journal, boxState, content, downlink, clock, log, onChange } = options;
  const backoff = options.backoff ?? createBackoff(500, 60_000);
  let state: LinkView['state'] = 'offline';
  let since = clock.now().toISOString();
  let code: ErrorCode | null = null;
  let client: MqttClient | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let lastSession = Number(boxState.get('session') ?? 0);
  let current: Uplink | undefined;

  const unsubscribe = journal.onCommit(() => current?.pump());

  function become(next: LinkView['state'], reason: ErrorCode | null): void {
    if (state !== next) since = clock.now().toISOString();
    [state, code] = [next, reason];
    onChange();
  }

  function connect(): void {
    if (stopped) return;
    become('connecting', code);
    const session = ++lastSession;
    // A full disk must not keep the box from sending what it holds.
    journal
      .commit([], () => boxState.set('session', String(session)), 'lazily')
      .catch((error: unknown) => log.warn({ code: codeOf(error) }, 'the session number is not kept'));
    const wire = mqtt.connect(options.url, {
      ...options.tls,
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
    let connectedAtMs: number | undefined;
    let isSecure = false;
    let fault: ErrorCode | undefined;
    let silence: NodeJS.Timeout | undefined;

    const publish = (topic: string, payload: Buffer) => {
      if (wire.connected) wire.publish(topic, payload, { qos: 1 });
    };
    const uplink = createUplink({
      journal,
      publish: payload => publish(up(box).facts, payload),
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

    wire.on('connect', () => {
      // Small facts must not wait for the acknowledgement of those before them.
      (wire.stream as TLSSocket).setNoDelay(true);
      connectedAtMs = clock.monotonicMs();
      // Quality 0: what the centre says may get lost and is said again. For quality 1 a broker of a cluster
      // keeps a durable queue per box, which dies with its node and cannot be made anew on another (ADR 17).
      wire.subscribe([down(box).receipt, down(box).log], { qos: 0 }, error => {
        if (error) return wire.end(true);
        current = uplink;
        const birth: Birth = {
          v: protocolVersion,
          session,
          epoch: journal.epoch,
          oldestSeq: 1,
          newestSeq: journal.head(),
          at: clock.now().toISOString(),
          heard: downlink.heard(),
          ...options.birth(),
        };
        publish(up(box).birth, encodeMessage(birth));
        silence = setTimeout(() => {
          log.warn('the centre does not tell its watermark');
          wire.end(true);
        }, watermarkWithinMs);
        become('connected', null);
      });
    });
    wire.on('message', (topic, payload) => {
      try {
        if (topic === down(box).receipt) {
          const receipt = decodeMessage(Receipt, payload);
          if (receipt.at) options.onCentreTime?.(receipt.at);
          uplink.accept(receipt);
          clearTimeout(silence);
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
      uplink.stop();
      current = undefined;
      wire.removeAllListeners();
      wire.on('error', () => {});
      if (connectedAtMs !== undefined && clock.monotonicMs() - connectedAtMs > steadyAfterMs) backoff.reset();
      // A server that does not believe a certificate hangs up after the handshake without a word.
      const refused = isSecure && connectedAtMs === undefined;
      become('offline', fault ?? (refused ? 'sync.identity-refused' : 'sync.centre-unreachable'));
      if (!stopped) timer = setTimeout(connect, backoff.next());
    });
  }

  /** Transfers end with an abort when the box stops; anything else is a defect and must be seen. */
  function stoppedOrThrow(error: unknown): void {
    if (stopped) return;
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
    start: connect,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      unsubscribe();
      content.stop();
      current?.stop();
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
    state: () => ({ state, since, code }),
  };
}

/** F20: who refused whom. An alert or «not authorized» comes from the centre; a certificate fault is our own verdict on what answers. */
function codeOfLine(error: Error): ErrorCode {
  const text = `${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}`;
  if (/alert|not authorized/i.test(text)) return 'sync.identity-refused';
  return /certificate|cert_|altname/i.test(text) ? 'sync.centre-untrusted' : 'sync.centre-unreachable';
}
