import { test } from 'node:test';
import { assertVisit } from './visit-steps.ts';

test('LED-3.7 a citizen’s whole visit, every step and every check', async t => assertVisit(t, []));
