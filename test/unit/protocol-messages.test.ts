import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { constants, deflateRawSync } from 'node:zlib';
import { limits } from '../../protocol/limits.ts';
import {
  DownEnvelope,
  decodeMessage,
  Envelope,
  encodeMessage,
  judgeDownEntry,
  protocolVersion,
  Receipt,
} from '../../protocol/messages.ts';
import { down, parseUp, up } from '../../protocol/topics.ts';
import { openTestJournal, plainFact } from '../fixtures/books.ts';

const refused = { name: 'AppError', code: 'internal.bad-request' };
const epoch = randomUUID();

test('an envelope arrives as it was sent, and smaller on the wire', async () => {
  const { journal } = openTestJournal();
  const facts = await journal.commit(Array.from({ length: 256 }, (_, n) => plainFact(n)));
  const message = { v: protocolVersion, epoch: journal.epoch, facts };
  const bytes = encodeMessage(message);
  assert.ok(bytes.length * 3 < JSON.stringify(message).length, `${bytes.length} bytes`);
  assert.deepEqual(decodeMessage(Envelope, bytes), message);
});

test('a small message travels as plain JSON, and one that was compressed is read as well', () => {
  const receipt = { v: 1, epoch, upTo: 7, stored: 9, missing: [[8, 8]], refused: [], wanted: [] };
  const text = Buffer.from(JSON.stringify(receipt));
  assert.deepEqual(encodeMessage(receipt), text);
  for (const level of [1, 6, 9])
    for (const strategy of [constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY]) {
      const compressed = deflateRawSync(text, { level, strategy });
      assert.notEqual(compressed[0], text[0], 'what is compressed never looks plain');
      assert.deepEqual(decodeMessage(Receipt, compressed), receipt);
    }
});

test('F23 members that only a newer version knows are kept', async () => {
  const message = { v: 2, epoch, facts: [{ seq: 1, news: { a: 1 } }], signature: 'abc' };
  assert.deepEqual(decodeMessage(Envelope, encodeMessage(message)), message);
});

test('garbage of any kind is refused with a code', async () => {
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('{}'),
    randomBytes(1000),
    encodeMessage('text'),
    encodeMessage(null),
    encodeMessage({ v: 1, epoch, facts: [] }),
    encodeMessage({ v: 1, epoch: '../..', facts: [{ seq: 1 }] }),
    encodeMessage({ v: 1, epoch, facts: [{ seq: 0 }] }),
    encodeMessage({ v: 1, epoch, facts: [{ seq: 1.5 }] }),
    encodeMessage({ v: 1, epoch, facts: [{ seq: 1e300 }] }),
    encodeMessage({ v: 1, epoch, facts: Array.from({ length: 257 }, () => ({ seq: 1 })) }),
  ])
    assert.throws(() => decodeMessage(Envelope, bytes), refused);
});

test('a truncated message is refused at any length', async () => {
  const bytes = encodeMessage({ v: 1, epoch, facts: [{ seq: 1, body: { text: 'а'.repeat(500) } }] });
  for (let length = 0; length < bytes.length; length += 7)
    assert.throws(() => decodeMessage(Envelope, bytes.subarray(0, length)), refused);
});

test('a bomb stops at the limit of inflated bytes', async () => {
  const bomb = deflateRawSync(Buffer.alloc(limits.inflatedMessageBytes + 1, ' '));
  assert.ok(bomb.length < 100_000);
  assert.throws(() => decodeMessage(Envelope, bomb), refused);
});

test('JSON that nests without end is refused before it can overflow a stack', async () => {
  const nested = `{"v":1,"epoch":"${epoch}","facts":[{"seq":1,"body":${'['.repeat(50_000)}${']'.repeat(50_000)}}]}`;
  assert.throws(() => decodeMessage(Envelope, deflateRawSync(Buffer.from(nested))), refused);
});

test('a receipt with a mark beyond what numbers can hold is refused', async () => {
  const receipt = { v: 1, epoch, upTo: 0, stored: 0, missing: [], refused: [], wanted: [] };
  assert.deepEqual(decodeMessage(Receipt, encodeMessage(receipt)), receipt);
  for (const wrong of [{ upTo: -1 }, { stored: 2 ** 60 }, { missing: [[1]] }, { wanted: ['..'] }])
    assert.throws(() => decodeMessage(Receipt, encodeMessage({ ...receipt, ...wrong })), refused);
});

test('F23 downlink entries are known, unknown or malformed, and an envelope takes all three', async () => {
  const entry = (type: string, body: Record<string, unknown>) => ({
    seq: 1,
    at: new Date().toISOString(),
    type,
    body,
  });
  const caseId = randomUUID();
  const good = { caseId, status: 'in-work', by: 'agency', saidAt: new Date().toISOString() };
  const entries = [
    entry('case.status', good),
    entry('case.status', { ...good, by: 'nobody' }),
    entry('case.status', { ...good, note: 'н'.repeat(501) }),
    entry('weather.report', { rain: true }),
    entry('to.string', {}),
  ];
  const { entries: read } = decodeMessage(DownEnvelope, encodeMessage({ v: 1, log: randomUUID(), entries }));
  assert.deepEqual(read.map(judgeDownEntry), [
    'known',
    'malformed',
    'malformed',
    'unknown-type',
    'unknown-type',
  ]);
});

test('a box and its kind of message are read from the topic, and from nothing that looks like one', async () => {
  for (const [kind, topic] of Object.entries(up('mfc-041')))
    assert.deepEqual(parseUp(topic), { box: 'mfc-041', kind });
  for (const topic of [
    ...Object.values(down('mfc-041')),
    'okno/1/up/mfc-041',
    'okno/1/up/mfc-041/facts/more',
    'okno/1/up/mfc-041/other',
    'okno/1/up/МФЦ/facts',
    'okno/1/up/../facts',
    'okno/1/up//facts',
    'okno/2/up/mfc-041/facts',
    ' okno/1/up/mfc-041/facts',
    'okno/1/up/mfc-041/facts\n',
  ])
    assert.equal(parseUp(topic), undefined, topic);
});
