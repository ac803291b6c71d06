/**
 * The process that holds the device file of one USB printer (`/dev/usb/lpN`, class 7, usblp). Reads and
 * writes there block in the kernel for as long as the printer likes: when it hangs, this process hangs
 * and is killed, and the box goes on. It lives as long as its file and its parent, whichever ends first.
 */
import { type FileHandle, open as openFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PipeNews, PipeOrder } from './pipe-messages.ts';

const answerBytes = 256;
/** A printer with nothing to say may answer every question for bytes with none at once. */
const nothingToReadMs = 20;

let file: FileHandle | undefined;
let writing: Promise<void> = Promise.resolve();
let leaving = false;

process.on('message', (order: PipeOrder) => obey(order));
process.once('disconnect', end);
// The parent closes us in its own order; Ctrl-C in a terminal reaches the whole group.
process.on('SIGINT', () => undefined);

function obey(order: PipeOrder): void {
  switch (order.kind) {
    case 'open':
      open(order.path).catch(fail);
      break;
    case 'write':
      writing = writing.then(() => write(order.id, order.bytes)).catch(fail);
      break;
    case 'ping':
      tell({ kind: 'pong', memoryBytes: process.memoryUsage.rss() });
      break;
    case 'close':
      leave('closed');
      break;
  }
}

async function open(path: string): Promise<void> {
  file = await openFile(path, 'r+');
  tell({ kind: 'opened' });
  const buffer = new Uint8Array(answerBytes);
  while (!leaving) {
    const { bytesRead } = await file.read(buffer, 0, answerBytes, null);
    if (bytesRead === 0) await sleep(nothingToReadMs);
    else tell({ kind: 'bytes', bytes: buffer.slice(0, bytesRead) });
  }
}

/** The kernel may take less than it was given. */
async function write(id: number, bytes: Uint8Array): Promise<void> {
  if (!file) throw new Error('not open');
  let at = 0;
  while (at < bytes.length) at += (await file.write(bytes, at, bytes.length - at, null)).bytesWritten;
  tell({ kind: 'written', id });
}

/** EBUSY: another program prints. EINVAL on reading: a printer without a back-channel. ENODEV, EIO: it is gone. */
function fail(error: unknown): void {
  leave(error instanceof Error ? error.message : String(error));
}

function leave(reason: string): void {
  if (leaving) return;
  leaving = true;
  if (!process.connected) end();
  process.send?.({ kind: 'gone', reason } satisfies PipeNews, end);
}

/** `process.exit` would wait for the read that still blocks in the kernel. */
function end(): void {
  process.kill(process.pid, 'SIGKILL');
}

function tell(news: PipeNews): void {
  if (process.connected && !leaving) process.send?.(news);
}
