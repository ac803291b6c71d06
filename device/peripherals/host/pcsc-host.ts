/** The process that speaks with pcscd for all card readers. It lives as long as its parent. */
import { Devices, SCARD_STATE_PRESENT } from 'smartcard';
import type { PcscNews, PcscOrder } from './pcsc-messages.ts';

/** How long to wait before pcscd is asked again: it may be starting with us. */
const retryMs = 1_000;
/** Between looks for readers whose coming or going nobody told us. */
const compareEveryMs = 2_000;

let devices: Devices | undefined;
let serviceRuns = false;
const readers = new Set<string>();

function begin(): void {
  const started = new Devices();
  devices = started;
  started.on('reader-attached', ({ name }) => {
    readers.add(name);
    tellReaders(true);
  });
  started.on('reader-detached', ({ name }) => {
    readers.delete(name);
    tellReaders(true);
  });
  started.on('card-inserted', ({ reader, card }) => {
    tell({ kind: 'card', reader: reader.name, atr: card.atr ?? new Uint8Array() });
  });
  started.on('card-removed', ({ reader }) => tell({ kind: 'card-gone', reader: reader.name }));
  started.on('error', error => {
    if (devices !== started) return;
    if (/service|communication|transport|subsystem/i.test(error.message)) beginAgain(started);
    else tellUnreadable(started);
  });
  started.start();
  // With pcscd there and no reader nothing at all is told.
  if (devices === started && !serviceRuns) tellReaders(true);
}

/** No binding finds a pcscd that was restarted by itself. */
function beginAgain(failed: Devices): void {
  devices = undefined;
  failed.stop();
  readers.clear();
  tellReaders(false);
  setTimeout(begin, retryMs);
}

/**
 * The binding waits for news in turns of a second, and a reader that comes or goes between two turns is not news
 * to it, ever. What pcscd lists is compared with what was told; twice different is no news under way.
 */
function compare(differedBefore: boolean): void {
  const listed = devices?.listReaders().map(({ name }) => name) ?? [...readers];
  const differs = listed.length !== readers.size || listed.some(name => !readers.has(name));
  if (devices && differs && differedBefore) {
    devices.stop();
    readers.clear();
    begin();
  }
  setTimeout(compare, compareEveryMs, differs && !differedBefore);
}

/** A card that does not answer is an error without a reader's name: it is the one whose card was not opened. */
function tellUnreadable(started: Devices): void {
  for (const { name, state } of started.listReaders())
    if (state & SCARD_STATE_PRESENT && !started.getCard(name))
      tell({ kind: 'card-unreadable', reader: name });
}

function tellReaders(runs: boolean): void {
  serviceRuns = runs;
  tell({ kind: 'readers', serviceRuns, readers: [...readers] });
}

async function transmit({ id, reader, apdu }: Extract<PcscOrder, { kind: 'transmit' }>): Promise<void> {
  const card = devices?.getCard(reader);
  if (!card) return tell({ kind: 'no-answer', id, why: 'gone' });
  try {
    // 61xx and 6Cxx of T=0 are the transport's business (ISO 7816-4, clause 5.3.4).
    const bytes = await card.transmit(Buffer.from(apdu), { autoGetResponse: true });
    tell({ kind: 'answer', id, bytes });
  } catch {
    // The words of the binding may quote what was sent; whether the card is still there says enough.
    tell({ kind: 'no-answer', id, why: devices?.getCard(reader) === card ? 'unreadable' : 'gone' });
  }
}

function tell(news: PcscNews): void {
  if (process.connected) process.send?.(news);
}

process.on('message', (order: PcscOrder) => {
  if (order.kind === 'ping') tell({ kind: 'pong', memoryBytes: process.memoryUsage.rss() });
  else void transmit(order);
});
process.once('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
begin();
compare(false);
