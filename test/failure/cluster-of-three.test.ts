import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRegion, withoutCluster } from './cluster-setting.ts';

test('F18, F20 of three brokers the queue’s leader dies and then another, and a centre: nothing acknowledged is missing', {
  skip: withoutCluster,
}, async t => {
  const { postgres, brokers, centres, boxes, goesOn, nothingIsMissing } = await startRegion(t, 3);
  const { nodes } = brokers;
  const [one] = centres;

  /** A node dies; what stands before the brokers leads its boxes to the one after it. */
  async function kill(index: number): Promise<void> {
    const [dying, next] = [nodes[index], nodes[(index + 1) % nodes.length]];
    await dying?.kill();
    for (const { address } of boxes) if (address.target === dying?.mqttPort) address.target = next?.mqttPort;
  }
  async function leader(): Promise<number> {
    const table = await brokers.control(0, 'list_queues', '--quiet', 'name', 'leader', 'members');
    const [, name = '', members = ''] =
      table
        .split('\n')
        .find(row => row.startsWith('okno.up\t'))
        ?.split('\t') ?? [];
    assert.equal(members.split(',').length, 3, 'the queue is on all three');
    return nodes.findIndex(node => name.includes(node.name));
  }

  await goesOn('everything up');
  const led = await leader();
  await kill(led);
  await goesOn('the leader killed');
  await one?.kill();
  await goesOn('a centre killed beside it');
  await nodes[led]?.start();
  await kill((led + 1) % nodes.length);
  await goesOn('the leader back and another node killed');
  await postgres.kill();
  await postgres.start();
  await goesOn('the database killed and started');
  await nothingIsMissing();
});
