import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findGostEngine, gostEnginePackage } from '../fixtures/gost-engine.ts';
import { withoutPostgres } from '../fixtures/postgres-server.ts';
import { withoutRabbitMq } from '../fixtures/rabbitmq-server.ts';
import { assertVisit } from './visit-steps.ts';

const engineFolder = mkdtempSync(join(tmpdir(), 'okno-engine-'));
const withoutGost = findGostEngine(engineFolder)
  ? false
  : `the package ${gostEnginePackage} is not installed`;
rmSync(engineFolder, { recursive: true });

test('LED-3.7 a whole visit while the centre comes late', async t => assertVisit(t, ['--late-centre']));

test('LED-3.7 a whole visit with GOST signatures', { skip: withoutGost }, async t =>
  assertVisit(t, ['--gost']),
);

test(
  'LED-3.7 a whole visit on a cluster of which a centre dies',
  {
    skip: withoutPostgres || withoutRabbitMq,
  },
  async t => assertVisit(t, ['--cluster'], ['centre-killed']),
);
