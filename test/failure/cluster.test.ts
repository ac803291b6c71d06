import { test } from 'node:test';
import { startRegion, withoutCluster } from './cluster-setting.ts';

test('F18, F20 a broker, a centre and the database die one after the other: nothing acknowledged is missing', {
  skip: withoutCluster,
}, async t => {
  const { postgres, brokers, centres, startCentre, goesOn, nothingIsMissing } = await startRegion(t, 1);
  const [broker] = brokers.nodes;
  const [one, two] = centres;

  await goesOn('everything up');
  await broker?.kill();
  await broker?.start();
  await goesOn('the broker killed and started');
  await one?.kill();
  await goesOn('a centre killed');
  await postgres.kill();
  await postgres.start();
  await goesOn('the database killed and started');
  await startCentre('one again');
  await two?.kill();
  await goesOn('the other centre killed, the first one back');
  await nothingIsMissing();
});
