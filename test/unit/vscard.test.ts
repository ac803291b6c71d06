import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { strangersCard } from '../simulators/smart-card/card.ts';
import { connectToQemu } from '../simulators/smart-card/vscard-end.ts';

/** What QEMU hears and says, as libcacard's vscclient.c and QEMU's ccid-card-passthru.c do. */
function message(type: number, reader: number, data = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt32BE(type, 0);
  header.writeUInt32BE(reader, 4);
  header.writeUInt32BE(data.length, 8);
  return Buffer.concat([header, data]);
}

test('a card behind QEMU’s reader says hello, is inserted, answers and is removed, byte by byte as VSCard wants', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'okno-vscard-'));
  const heard: Buffer[] = [];
  let qemu: Socket | undefined;
  const server = createServer(socket => {
    qemu = socket;
    socket.on('data', bytes => heard.push(bytes));
    // No error: the reader was added.
    socket.write(message(2, 0, Buffer.alloc(4)));
  });
  t.after(async () => {
    server.close();
    await rm(dir, { recursive: true });
  });
  const path = join(dir, 'card');
  await new Promise<void>(resolve => server.listen(path, resolve));
  const card = await connectToQemu(path, strangersCard());
  card.insert();
  qemu?.write(message(7, 0, Buffer.from('00A4040000', 'hex')));
  const whole = Buffer.concat([
    message(1, 0xffffffff, Buffer.from('565343440000000200000000', 'hex')),
    message(3, 0xffffffff, Buffer.from('okno')),
    message(5, 0, Buffer.from('3B021450', 'hex')),
    message(7, 0, Buffer.from('6D00', 'hex')),
    message(6, 0),
  ]);
  while (Buffer.concat(heard).length < whole.length - 12)
    await new Promise(resolve => setTimeout(resolve, 5));
  card.remove();
  while (Buffer.concat(heard).length < whole.length) await new Promise(resolve => setTimeout(resolve, 5));
  assert.equal(Buffer.concat(heard).toString('hex'), whole.toString('hex'));
  await card.close();
});
