import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { settleAnswers } from '../../device/http/settled-answers.ts';

test('an answer waits for all that was written when its handler was done, unless that sees to it by itself', async t => {
  const disk = Promise.withResolvers<void>();
  const server = Fastify();
  t.after(() => server.close());
  settleAnswers(server, { settled: () => disk.promise });
  server.get('/page', async () => 'page');
  server.get('/ticket', { config: { answersWhenDurable: true } }, async () => 'ticket');
  const heard: string[] = [];
  const page = server.inject('/page').then(({ body }) => heard.push(body));
  await server.inject('/ticket').then(({ body }) => heard.push(body));
  assert.deepEqual(heard, ['ticket']);
  disk.resolve();
  await page;
  assert.deepEqual(heard, ['ticket', 'page']);
});

test('F04 what was undone is told to nobody', async t => {
  const server = Fastify();
  t.after(() => server.close());
  settleAnswers(server, { settled: () => Promise.reject(new Error('undone')) });
  server.get('/page', async () => 'page');
  assert.equal((await server.inject('/page')).statusCode, 500);
});
