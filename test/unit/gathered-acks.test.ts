import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { gatherAcks } from '../../central/ingress/gathered-acks.ts';

/** A socket that keeps what each write to the system would have carried. */
function socketOf(written: Buffer[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      written.push(chunk);
      done();
    },
    writev(chunks, done) {
      written.push(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)));
      done();
    },
  });
}

test('acknowledgements of one turn leave in one write, with what else is said in it', async () => {
  const written: Buffer[] = [];
  const socket = socketOf(written);
  const acknowledge = gatherAcks(socket);
  acknowledge(1);
  acknowledge(0xfffe);
  socket.write(Buffer.from('receipt'));
  assert.deepEqual(written, []);
  await turn();
  await turn();
  const acks = Buffer.from([0x40, 2, 0, 1, 0x40, 2, 0xff, 0xfe]);
  assert.deepEqual(written, [Buffer.concat([Buffer.from('receipt'), acks])]);
  acknowledge(7);
  await turn();
  await turn();
  assert.deepEqual(written.slice(1), [Buffer.from([0x40, 2, 0, 7])]);
});

test('a client that left meanwhile gets nothing, and nothing breaks', async () => {
  const written: Buffer[] = [];
  const socket = socketOf(written);
  gatherAcks(socket)(1);
  socket.destroy();
  await turn();
  await turn();
  assert.deepEqual(written, []);
});
