import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSecureContext } from 'node:tls';
import { createBackoff } from '../../../platform/backoff.ts';
import { inventedJournal } from '../wire/invented-journal.ts';
import { connectWireBox, envelopePacker, type WireBox, type WireBoxWish } from '../wire/wire-box.ts';
import { answer, tell } from './conversation.ts';

/** `fleet-boxes WISH-JSON`: boxes that live: they connect, write a fact now and then, and come back. */
interface Wish {
  port: number;
  boxes: { box: string; ca: string; cert: string; key: string }[];
  everyMs: number;
}
const { port, boxes, everyMs } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Wish;
/** What a box of `device/sync/link.ts` does. */
const [connectTimeoutMs, keepaliveSeconds, backoffMs] = [10_000, 20, { base: 500, ceiling: 60_000 }];
/** At first, so many at once try to get in; after a restart of the centre, each by its own back-off. */
const dialling = 100;

let refused = 0;
let latenciesMs: number[] = [];

function box({ box: name, ca, cert, key }: Wish['boxes'][number]) {
  const files = { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) };
  const journal = inventedJournal();
  const pack = envelopePacker(name);
  const backoff = createBackoff(backoffMs.base, backoffMs.ceiling);
  const heard: WireBoxWish['heard'] = { log: null, upTo: 0 };
  const open = new Map<number, number>();
  let wire: WireBox | undefined;
  let [session, isBack, arrived] = [0, false, Promise.withResolvers<void>()];

  function dial(): void {
    wire = connectWireBox({
      ...{ box: name, host: '127.0.0.1', port, epoch: journal.epoch, newestSeq: journal.head() },
      ...{ session: ++session, heard, keepaliveSeconds, connectTimeoutMs },
      secureContext: createSecureContext(files),
      onReceipt({ upTo }) {
        isBack = true;
        arrived.resolve();
        for (const [seq, sentMs] of open)
          if (seq <= upTo) {
            latenciesMs.push(performance.now() - sentMs);
            open.delete(seq);
          }
      },
      onClose() {
        if (isBack) arrived = Promise.withResolvers<void>();
        else refused++;
        isBack = false;
        open.clear();
        setTimeout(dial, backoff.next());
      },
    });
  }
  return {
    dial,
    arrived: () => arrived.promise,
    isBack: () => isBack,
    write() {
      if (!isBack || !wire) return;
      const envelope = journal.envelope(1);
      open.set(journal.head(), performance.now());
      wire.publish([pack(envelope)]);
    },
  };
}

const fleet = boxes.map(box);
const back = () => fleet.filter(each => each.isBack()).length;

answer({
  /** Lets all in as fast as the centre can. */
  async connect() {
    const begunMs = performance.now();
    const queue = [...fleet];
    async function dialler(): Promise<void> {
      for (let next = queue.shift(); next; next = queue.shift()) {
        next.dial();
        await next.arrived();
      }
    }
    await Promise.all(Array.from({ length: dialling }, dialler));
    return { tookMs: performance.now() - begunMs };
  },
  /** An ordinary while: each box writes a fact every `everyMs`, spread evenly. */
  async live({ seconds }) {
    latenciesMs = [];
    const ticks = fleet.map((each, index) => {
      let timer = setTimeout(
        function tick() {
          each.write();
          timer = setTimeout(tick, everyMs);
        },
        (index / fleet.length) * everyMs,
      );
      return () => clearTimeout(timer);
    });
    await sleep(Number(seconds) * 1000);
    for (const stop of ticks) stop();
    return { latenciesMs, back: back() };
  },
  /** Resolves when every box is connected and was told its watermark. */
  async gathered() {
    while (back() < fleet.length) await sleep(20);
    return { atMs: Date.now(), refused };
  },
  async scattered() {
    while (back() > 0) await sleep(20);
    refused = 0;
    return {};
  },
});
tell({ ready: fleet.length });
process.on('SIGTERM', () => process.exit(0));
