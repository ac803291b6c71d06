import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { inventedJournal } from '../wire/invented-journal.ts';
import { connectWireBox, type WireBox } from '../wire/wire-box.ts';
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

interface Sender {
  wire: WireBox;
  pump(): void;
  done: Promise<void>;
  ready: Promise<void>;
}

/** Envelopes are made before the start: what is measured is the centre. */
function sender({ box, ca, cert, key }: Wish['boxes'][number]): Sender {
  const journal = inventedJournal();
  const payloads = Array.from({ length: envelopes }, () => journal.envelope(factsPerEnvelope));
  const [ready, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let [sent, received, started] = [0, 0, false];

  function pump(): void {
    started = true;
    const upTo = Math.min(envelopes, received + window);
    wire.publish(payloads.slice(sent, upTo));
    sent = upTo;
  }
  function moveTo(upTo: number): void {
    received = upTo;
    if (started && sent < Math.min(envelopes, received + window)) pump();
  }
  const wire = connectWireBox({
    ...{ box, host: '127.0.0.1', port, epoch: journal.epoch, newestSeq: journal.head(), session: 1 },
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
      if (stored === envelopes) done.resolve();
      if (movedBy === 'receipts') moveTo(stored);
    },
    onAcknowledged(messages) {
      if (movedBy === 'receipts') return;
      ready.resolve();
      if (started) moveTo(received + messages);
    },
    onClose: () => done.reject(new Error(`the centre hung up on ${box}`)),
  });
  return { wire, pump, ready: ready.promise, done: done.promise };
}

const senders = wish.boxes.map(sender);
await Promise.all(senders.map(({ ready }) => ready));

answer({
  async run() {
    const begunMs = performance.now();
    for (const { pump } of senders) pump();
    await Promise.all(senders.map(({ done }) => done));
    return { tookMs: performance.now() - begunMs };
  },
  /** Begins, and leaves it to somebody else to know when everything was taken. */
  begin() {
    for (const { pump } of senders) pump();
    return {};
  },
});
tell({ ready: senders.length });
process.on('SIGTERM', () => process.exit(0));
