import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { LiveChange, LiveTopic } from '../protocol/api/common.ts';
import { AppError } from '../protocol/app-error.ts';

export interface LiveStream {
  /** Tells every open page to fetch these again: at once, or with all that changes in a while after the last word. */
  changed(...topics: LiveTopic[]): void;
  /** Sends an event with its data, at once, to the pages whose request fits; whoever comes later never hears of it. */
  tell(event: string, data: object, fits: (request: FastifyRequest) => boolean): void;
  close(): void;
}

/** Pages fetch again at each word; twenty numbers in a row need not make them fetch twenty times. */
const gatherMs = 50;
const aliveEveryMs = 5_000;
/** A page that does not read for so long is cut off; it comes back by itself. */
const unsentBytes = 256 * 1024;

/** A hall with all its screens and waiting phones, or a region with all its operators; each costs a write per word. */
const mostPages = 500;

/**
 * `GET /api/live`: server-sent events that say what changed, not what it is, and what only those who fit may hear.
 * Beyond `most` pages the address with the most of them gives one up: whoever opens very many keeps nobody else out.
 */
export function addLiveStream(server: FastifyInstance, { most = mostPages } = {}): LiveStream {
  const open = new Map<FastifyReply, FastifyRequest>();
  const pending = new Set<LiveTopic>();
  let gathering = false;

  function send(text: string, fits: (request: FastifyRequest) => boolean = () => true): void {
    for (const [reply, request] of open) {
      if (!fits(request)) continue;
      if (reply.raw.writableLength > unsentBytes) reply.raw.destroy();
      else reply.raw.write(text);
    }
  }
  function tell(): void {
    gathering = pending.size > 0;
    if (!gathering) return;
    const change: LiveChange = { topics: [...pending] };
    pending.clear();
    send(`event: changed\ndata: ${JSON.stringify(change)}\n\n`);
    setTimeout(tell, gatherMs).unref();
  }
  const alive = setInterval(() => send('event: alive\ndata: {}\n\n'), aliveEveryMs);
  alive.unref();

  /** False when the asking address has the most itself. */
  function makeRoomFor(address: string): boolean {
    if (open.size < most) return true;
    const pages = Map.groupBy(open.keys(), reply => open.get(reply)?.ip ?? '');
    const largest = [...pages].reduce((one, other) => (other[1].length > one[1].length ? other : one));
    const [oldest] = largest[1];
    if (!oldest || (pages.get(address)?.length ?? 0) >= largest[1].length) return false;
    open.delete(oldest);
    oldest.raw.end();
    return true;
  }

  server.get('/api/live', (request, reply) => {
    if (!makeRoomFor(request.ip)) throw new AppError('internal.too-many-pages');
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    reply.raw.write('retry: 1000\nevent: alive\ndata: {}\n\n');
    open.set(reply, request);
    reply.raw.on('close', () => open.delete(reply));
  });

  return {
    changed(...topics) {
      for (const topic of topics) pending.add(topic);
      if (gathering) return;
      gathering = true;
      setImmediate(tell);
    },
    tell: (event, data, fits) => send(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`, fits),
    close() {
      clearInterval(alive);
      for (const reply of open.keys()) reply.raw.end();
      // A change told after this must not be written behind the end.
      open.clear();
    },
  };
}
