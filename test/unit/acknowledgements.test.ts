import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { groupAcknowledgements } from '../../central/ingress/acknowledgements.ts';

function setting(messages: number) {
  const said: string[] = [];
  const acks = groupAcknowledgements({
    ackUpTo: ({ fields }) => said.push(`up to ${fields.deliveryTag}`),
    nack: ({ fields }) => said.push(`not ${fields.deliveryTag}`),
  });
  const delivered = Array.from({ length: messages }, (_, index) => ({ fields: { deliveryTag: index + 1 } }));
  for (const message of delivered) acks.came(message);
  const stored = (...tags: number[]) => {
    for (const tag of tags) acks.stored({ fields: { deliveryTag: tag } });
  };
  const refused = (tag: number) => acks.refused({ fields: { deliveryTag: tag } });
  const heard = async () => {
    await nextTurn();
    return said.splice(0);
  };
  return { acks, stored, refused, heard, said };
}

test('messages that are stored together are acknowledged by one word', async () => {
  const { stored, heard } = setting(5);
  stored(1, 2, 3);
  assert.deepEqual(await heard(), ['up to 3']);
  stored(5, 4);
  assert.deepEqual(await heard(), ['up to 5']);
});

test('F18 nothing is acknowledged before what came before it is stored or given back', async () => {
  const { stored, refused, heard } = setting(4);
  stored(2, 4);
  assert.deepEqual(await heard(), []);
  stored(1);
  assert.deepEqual(await heard(), ['up to 2']);
  refused(3);
  assert.deepEqual(await heard(), ['not 3', 'up to 4']);
});

test('the last word can be said at once', () => {
  const { acks, stored, said } = setting(2);
  stored(1, 2);
  acks.now();
  assert.deepEqual(said, ['up to 2']);
});
