import { test } from 'node:test';
import { playRounds } from './hall-model/rounds.ts';

test('F01, F20 a hub, two kiosks and ten windows do what their model does, whatever fails in between', t =>
  playRounds(t, { rounds: 1, clockLies: false }));

test('F08 and under a clock that lies nobody gets lost, doubled or overtaken', t =>
  playRounds(t, { rounds: 1, clockLies: true }));
