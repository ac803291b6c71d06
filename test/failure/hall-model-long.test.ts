import { test } from 'node:test';
import { playRounds } from './hall-model/rounds.ts';

for (const clockLies of [false, true])
  test(`twenty rounds of a hub, two kiosks and ten windows, ${clockLies ? 'under a clock that lies' : 'beside their model'}`, t =>
    playRounds(t, { rounds: 20, clockLies }));
