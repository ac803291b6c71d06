import { MqttClient } from 'mqtt';
import { createSlots } from '../../platform/slots.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import type { ByteRange } from '../../protocol/content.ts';
import {
  type ContentAnswer,
  type ContentRequest,
  decodeContentAnswer,
  encodeContent,
} from '../../protocol/content-messages.ts';
import { type ErrorCode, errorTable } from '../../protocol/errors.ts';
import { protocolVersion } from '../../protocol/messages.ts';
import { content, contentClientId } from '../../protocol/topics.ts';
import type { Blob } from '../../protocol/values.ts';
import type { CentreLine } from './centre-line.ts';
import type { ContentWay } from './content-way.ts';

/** Content in one message; a multiple of the chunk. */
const messageBytes = 64 * 1024;
/**
 * Messages without an answer. On one connection this is what paces: more would only wait in the queue
 * before the narrowest place, where the small messages of the other session are.
 */
const window = 3;
/** Nobody needs the connection any more. */
const idleMs = 60_000;

interface Asked {
  resolve(answer: { head: ContentAnswer; bytes: Buffer }): void;
  reject(error: unknown): void;
  timer: NodeJS.Timeout;
}

/**
 * Content over a second MQTT connection of the box, where a branch's network lets nothing but that port
 * through. Requests and answers are messages of quality 0: who gets no answer asks again.
 */
export function mqttWay(options: {
  url: string;
  box: string;
  line: CentreLine;
  requestTimeoutMs?: number;
}): ContentWay {
  const { url, box, line, requestTimeoutMs = 30_000 } = options;
  const slots = createSlots(window);
  const asked = new Map<number, Asked>();
  let lastId = 0;
  let connecting: Promise<MqttClient> | undefined;
  let current: MqttClient | undefined;
  let idle: NodeJS.Timeout | undefined;
  let isClosed = false;

  const unreachable = (cause?: unknown) => new AppError('sync.centre-unreachable', { url }, { cause });

  function connect(): Promise<MqttClient> {
    const wire = new MqttClient(() => line.connect(url), {
      clientId: contentClientId(box),
      clean: true,
      protocolVersion: 4,
      reconnectPeriod: 0,
      connectTimeout: 10_000,
      keepalive: 20,
      queueQoSZero: false,
    });
    current = wire;
    let cause: Error | undefined;
    wire.on('error', error => {
      cause = error;
    });
    wire.stream.on('error', error => {
      cause ??= error;
    });
    wire.on('message', (_topic, payload) => hear(payload));
    // A broker may let us in and never answer the subscription.
    const silence = setTimeout(() => wire.end(true), requestTimeoutMs);
    return new Promise((resolve, reject) => {
      wire.on('connect', () => {
        wire.subscribe(content(box).down, { qos: 0 }, error => {
          clearTimeout(silence);
          if (error) wire.end(true);
          else resolve(wire);
        });
      });
      wire.on('close', () => {
        connecting = undefined;
        clearTimeout(silence);
        clearTimeout(idle);
        reject(unreachable(cause));
        for (const { reject: fail } of asked.values()) fail(unreachable(cause));
        wire.removeAllListeners('message');
      });
    });
  }

  function hear(payload: Buffer): void {
    let answer: ReturnType<typeof decodeContentAnswer>;
    try {
      answer = decodeContentAnswer(payload);
    } catch (error) {
      // Whoever asked will ask again.
      if (codeOf(error) === 'internal.bad-request') return;
      throw error;
    }
    asked.get(answer.head.id)?.resolve(answer);
  }

  async function ask(
    wish: Pick<ContentRequest, 'do' | 'blob' | 'range'>,
    bytes?: Buffer,
    onSent?: () => void,
  ): Promise<{ head: ContentAnswer; bytes: Buffer }> {
    if (isClosed) throw unreachable();
    connecting ??= connect();
    const wire = await connecting;
    const id = ++lastId;
    const answered = Promise.withResolvers<{ head: ContentAnswer; bytes: Buffer }>();
    const timer = setTimeout(() => {
      answered.reject(unreachable());
      // Nothing comes on this connection any more, and nothing would tell (F20).
      wire.end(true);
    }, requestTimeoutMs);
    asked.set(id, { ...answered, timer });
    clearTimeout(idle);
    wire.publish(content(box).up, encodeContent({ v: protocolVersion, id, ...wish }, bytes), { qos: 0 });
    onSent?.();
    try {
      const answer = await answered.promise;
      if (answer.head.code !== undefined) throw refusal(answer.head.code);
      return answer;
    } finally {
      clearTimeout(timer);
      asked.delete(id);
      if (asked.size === 0) idle = setTimeout(() => wire.end(), idleMs).unref();
    }
  }

  return {
    name: 'mqtt',
    async missing(blob) {
      const { head } = await ask({ do: 'missing', blob, range: { start: 0, end: 0 } });
      if (head.state === 'complete') return 'complete';
      if (!head.missing) throw new AppError('internal.bad-request', { by: 'centre' });
      return head.missing;
    },
    async put(blob, range, bytes, onSent) {
      const pieces = [...piecesOf(range)];
      let left = pieces.length;
      const sent = () => {
        if (--left === 0) onSent();
      };
      const states = await all(
        pieces.map(piece =>
          slots.use(async () => {
            const part = bytes.subarray(piece.start - range.start, piece.end - range.start + 1);
            const { head } = await ask({ do: 'put', blob, range: piece }, part, sent);
            return head.state;
          }),
        ),
      );
      return states.includes('complete') ? 'complete' : 'part';
    },
    async get(blob: Blob, range: ByteRange) {
      const pieces = [...piecesOf(range)].map(piece =>
        slots.use(async () => (await ask({ do: 'get', blob, range: piece })).bytes),
      );
      return Buffer.concat(await all(pieces));
    },
    close() {
      isClosed = true;
      // Also one that is not through yet: nobody else would end it.
      current?.end(true);
    },
  };
}

/** Waits for all of them, so that none is left behind when one fails. */
async function all<T>(works: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(works);
  return await Promise.all(works);
}

function* piecesOf({ start, end }: ByteRange): Generator<ByteRange> {
  for (let at = start; at <= end; at += messageBytes)
    yield { start: at, end: Math.min(at + messageBytes - 1, end) };
}

function refusal(code: string): AppError {
  const known = Object.hasOwn(errorTable, code) ? (code as ErrorCode) : 'internal.unexpected';
  return new AppError(known, { by: 'centre' });
}
