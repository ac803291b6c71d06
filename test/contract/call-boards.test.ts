import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCallBoards } from '../../device/hall/call-boards.ts';
import { type CallLine, startCallLine } from '../../device/peripherals/call-boards/call-line.ts';
import { encodeFrame, FrameReader, plateText } from '../../device/peripherals/call-boards/frame.ts';
import { openTcp } from '../../device/peripherals/transports/tcp.ts';
import { createLog } from '../../platform/log.ts';
import { clerkAt, openBranch, signingParties, type TestBranch } from '../fixtures/branch.ts';
import { SimulatedBoards } from '../simulators/call-board/boards.ts';
import { listenTcp, type TcpEnd } from '../simulators/ticket-printer/tcp-end.ts';

const boards = [
  { window: '1', address: 3 },
  { window: '2', address: 200 },
];
let simulator: SimulatedBoards;
let end: TcpEnd;
let line: CallLine;
let pressed: string[];
let branch: TestBranch;

before(async () => {
  branch = await openBranch({ parties: await signingParties() });
});
after(() => branch.close());

const plug = (port: number) => listenTcp(port, (bytes, send) => simulator.receive(bytes, send));
beforeEach(async () => {
  simulator = new SimulatedBoards(boards.map(({ address }) => address));
  end = await plug(0);
  pressed = [];
  const { port } = end;
  line = startCallLine({
    open: () => openTcp({ host: '127.0.0.1', port, connectTimeoutMs: 1000 }),
    boards,
    onPress: window => pressed.push(window),
    log: () => undefined,
    ...{ answerMs: 120, pauseMs: 5, openAgainMs: 20 },
  });
});
afterEach(async () => {
  await line.stop();
  await end.close();
  assert.deepEqual(simulator.violations, []);
});

async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!isSo()) {
    assert.ok(performance.now() < deadline, what);
    await sleep(5);
  }
}
/** The second question comes after the first answer was heard. */
const isAsked = () => boards.every(({ address }) => simulator.asked(address) > 1);
const isWell = () => boards.every(({ window }) => line.codeOf(window) === null);

test('the frames of the documentation have the bytes of the documentation', () => {
  const frame = encodeFrame({ address: 3, words: ['SHOW', 'А042', '5'] });
  assert.equal(Buffer.from(frame).toString('latin1'), '@03:SHOW,\x80042,5*B9\r\n');
  assert.deepEqual(new FrameReader().read(Buffer.from('@03:STATE,\x80042,7*EF\r\n', 'latin1')), [
    { address: 3, words: ['STATE', 'А042', '7'] },
  ]);
  assert.equal(plateText('А*042,@\u0007'), 'А042');
});

test('F29 noise, floods and torn frames are dropped, and the next frame is read', () => {
  const reader = new FrameReader();
  const good = Buffer.from(encodeFrame({ address: 9, words: ['STATE', '', '0'] }));
  assert.deepEqual(reader.read(Buffer.alloc(70_000, 0x41)), []);
  assert.deepEqual(reader.read(Buffer.concat([Buffer.from('@'), Buffer.alloc(500, 0x42)])), []);
  const torn = Buffer.concat([good.subarray(0, 6), good, Buffer.from('@09:STATE,,0*FF\r\n')]);
  assert.deepEqual([...torn].flatMap(byte => reader.read(Uint8Array.of(byte))).length, 1);
});

test('a plate shows what was called, also after it lost power, and goes dark again', async () => {
  line.show('1', 'А042', 1);
  await until('shown', () => simulator.shown(3) === 'А042');
  assert.equal(simulator.shown(200), '');
  simulator.restart(3);
  await until('shown again', () => simulator.shown(3) === 'А042');
  line.show('1', '', 0);
  await until('dark', () => simulator.shown(3) === '');
});

test('a press is told once, whatever is lost on the line, and switching on is no press', async () => {
  simulator.press(200);
  await until('both answer', isAsked);
  assert.deepEqual(pressed, []);
  simulator.faults.losesAnswers = true;
  simulator.press(3);
  await until('silent', () => line.codeOf('1') === 'call-board.silent');
  simulator.faults = { losesAnswers: false, noise: true, off: [] };
  await sleep(50);
  simulator.faults.noise = false;
  await until('told', () => pressed.length > 0);
  simulator.restart(3);
  simulator.press(200);
  await until('the second is told', () => pressed.includes('2'));
  assert.deepEqual(pressed, ['1', '2']);
});

test('F28 a device that is off is named, delays nobody for long, and is served when it is back', async () => {
  simulator.faults.off = [3];
  line.show('1', 'А042', 1);
  line.show('2', 'Б007', 1);
  await until('the other shows', () => simulator.shown(200) === 'Б007');
  await until('named', () => line.codeOf('1') === 'call-board.silent' && line.codeOf('2') === null);
  simulator.faults.off = [];
  await until('back', () => simulator.shown(3) === 'А042' && isWell());
});

test('F24 a line that is pulled out is opened again, and a press meanwhile is not lost', async () => {
  await until('both answer', isAsked);
  await end.close();
  await until('named', () => !isWell());
  simulator.press(3);
  end = await plug(end.port);
  await until('back', () => isWell() && pressed.length === 1);
});

test('a press calls the next ticket to its window once, and the plate shows it until the visit ends', async () => {
  const { hall, journal, db } = branch.now();
  const clerk = clerkAt('1');
  const { press } = createCallBoards({
    ...{ db, journal, hall, line, log: createLog('test', 'silent') },
    windows: ['1', '2'],
    clerkAt: window => (window === '1' ? clerk : undefined),
  });
  const issue = () => hall.issue({ requestId: randomUUID(), serviceId: 'inn-certificate' });
  const [one] = [await issue(), await issue()];
  await Promise.all([press('1'), press('1')]);
  await until('shown', () => simulator.shown(3) === one.number);
  assert.equal(hall.board().called.length, 1);
  await press('1');
  await press('2');
  assert.equal(hall.board().called.length, 1);
  await hall.came(clerk, one.id);
  await hall.finish(clerk, one.id);
  await until('dark', () => simulator.shown(3) === '');
});
