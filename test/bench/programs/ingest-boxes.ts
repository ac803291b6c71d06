import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { inventedJournal } from '../wire/invented-journal.ts';
import { connectWireBox, envelopePacker } from '../wire/wire-box.ts';
import { answer, tell } from './conversation.ts';

/** `ingest-boxes PORT WISH-JSON`: boxes that each keep a window of envelopes without a receipt. */
interface Wish {
  port: number;
  boxes: { box: string; ca: string; cert: string; key: string }[];
  envelopes: number;
  factsPerEnvelope: number;
  window: number;
  /** What moves the window on: the centre's receipts, or the broker's acknowledgements. */
  movedBy?: 'receipts' | 'broker';
}
const wish = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Wish;
const { port, envelopes, factsPerEnvelope, window, movedBy = 'receipts' } = wish;

/** Envelopes are made and packed before anybody connects: what is measured is the centre. */
function prepared(wish: Wish['boxes'][number]) {
  const journal = inventedJournal();
  const pack = envelopePacker(wish.box);
  const packets = Array.from({ length: envelopes }, () => pack(journal.envelope(factsPerEnvelope)));
  return { ...wish, epoch: journal.epoch, packets };
}
type Prepared = ReturnType<typeof prepared>;

interface Sender {
  /** Sends so many envelopes more; resolves when receipts cover all that were sent so far. */
  send(envelopes: number): Promise<void>;
  ready: Promise<void>;
}

function sender({ box, ca, cert, key, epoch, packets }: Prepared): Sender {
  const ready = Promise.withResolvers<void>();
  let done = Promise.withResolvers<void>();
  let [sent, received, wanted] = [0, 0, 0];

  function pump(): void {
    const upTo = Math.min(wanted, received + window);
    if (upTo <= sent) return;
    wire.publish(packets.slice(sent, upTo));
    sent = upTo;
  }
  function moveTo(upTo: number): void {
    received = upTo;
    pump();
  }
  const wire = connectWireBox({
    ...{ box, host: '127.0.0.1', port, epoch, session: 1 },
    newestSeq: envelopes * factsPerEnvelope,
    heard: { log: null, upTo: 0 },
    secureContext: createSecureContext({
      ca: readFileSync(ca),
      cert: readFileSync(cert),
      key: readFileSync(key),
    }),
    ...{ keepaliveSeconds: 20, connectTimeoutMs: 10_000 },
    onReceipt(receipt) {
      ready.resolve();
      const stored = Math.floor(receipt.upTo / factsPerEnvelope);
      if (stored === wanted) done.resolve();
      if (movedBy === 'receipts') moveTo(stored);
    },
    onAcknowledged(messages) {
      if (movedBy === 'receipts') return;
      ready.resolve();
      // The first one is of the birth.
      if (wanted > 0) moveTo(received + messages);
    },
    onClose: () => done.reject(new Error(`the centre hung up on ${box}`)),
  });
  return {
    send(more) {
      wanted += more;
      done = Promise.withResolvers();
      pump();
      return done.promise;
    },
    ready: ready.promise,
  };
}

const senders = wish.boxes.map(prepared).map(sender);
await Promise.all(senders.map(({ ready }) => ready));

answer({
  /** So many envelopes of each box, or all. */
  async run({ count = envelopes }) {
    const begunMs = performance.now();
    await Promise.all(senders.map(({ send }) => send(Number(count))));
    return { tookMs: performance.now() - begunMs };
  },
  /** Begins, and leaves it to somebody else to know when everything was taken. */
  begin() {
    for (const { send } of senders) void send(envelopes);
    return {};
  },
});
tell({ ready: senders.length });
process.on('SIGTERM', () => process.exit(0));
