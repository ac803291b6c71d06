import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteStorage } from '../../central/storage/sqlite.ts';
import type { JournalView } from '../../protocol/api/box.ts';
import type { TicketView } from '../../protocol/api/tickets.ts';
import { httpClient, Refused, waitFor } from '../../provisioning/demonstration/box-client.ts';
import { someFreeBase } from '../../provisioning/demonstration/ports.ts';
import { type Region, type RegionBranch, startRegion } from '../../provisioning/demonstration/region.ts';
import { createVisit, type Found, type Visit, visitService } from '../../provisioning/demonstration/visit-steps.ts'; // biome-ignore format: one line
import { seededRandom } from '../fixtures/books.ts';
import type { Told } from './books/rules.ts';
import { assertAllArrived } from './invariants.ts';

const seed = Number(process.env.OKNO_SEED ?? Date.now() % 1_000_000);
const random = seededRandom(seed);
/** A moment that the seed decides, in ms. */
const moment = (fromMs: number, toMs: number) => Math.round(fromMs + random() * (toMs - fromMs));

let dir: string;
let region: Region;
let branch: RegionBranch;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'okno-kill-'));
  const basePort = await someFreeBase(1);
  region = await startRegion({ dir, basePort, branches: 1, agencyStepMs: 400 });
  branch = region.branches[0] as RegionBranch;
});
after(async () => {
  await region?.stop();
  await rm(dir, { recursive: true, force: true });
});

const say = (t: TestContext, what: string) => t.diagnostic(`OKNO_SEED=${seed}: ${what}`);

async function killBox(t: TestContext, what: string): Promise<void> {
  say(t, what);
  await branch.program().kill();
  await branch.restart();
}

async function done(step: Promise<Found>): Promise<Found> {
  const found = await step;
  assert.equal(found.ok, true, JSON.stringify(found));
  return found;
}

async function visitUpToSigned(): Promise<Visit> {
  const visit = createVisit(region, branch);
  for (const step of [visit.ticket, visit.call, visit.scan, visit.recognise, visit.sign]) await done(step());
  return visit;
}

async function finishVisit(visit: Visit): Promise<void> {
  for (const step of [visit.sync, visit.agency, visit.result, visit.handOut]) await done(step());
  await assertBooks();
  const { centreCase } = await visit.evidence();
  const state = await httpClient(region.agencyControlUrl).get<{
    requests: { request: { caseNumber: string } }[];
  }>('/state');
  const registrations = state.requests.filter(({ request }) => request.caseNumber === centreCase.number);
  assert.equal(registrations.length, 1, 'one registration at the agency');
}

/** The books of both sides, read beside the running programs when everything is receipted. */
async function assertBooks(tickets: Told['tickets'] = []): Promise<void> {
  const technician = httpClient(branch.url);
  await technician.post('/api/login', { login: 'technician', password: region.secrets.password });
  await waitFor('receipt of every fact', async () => {
    const now = await technician.get<JournalView>('/api/journal');
    return now.receiptedUpTo === now.facts.length && now;
  });
  const data = join(dir, branch.box, 'data');
  const storage = await openSqliteStorage(join(dir, 'centre/data/centre.db'));
  try {
    await assertAllArrived({
      boxes: [{ box: branch.box, dir: data, blobsDir: join(data, 'blobs'), told: { tickets } }],
      centre: { storage, blobsDir: join(dir, 'centre/data/blobs') },
    });
  } finally {
    await storage.close();
  }
}

test('F01, F15 kill -9 of the box right after «send», and of the centre five times while it syncs and relays', async t => {
  const visit = await visitUpToSigned();
  await done(visit.send());
  await killBox(t, 'box killed when send was answered');
  await visit.clerkLogin();
  for (let round = 1; round <= 5; round++) {
    const ms = moment(0, 700);
    await sleep(ms);
    say(t, `centre killed after ${ms} ms`);
    await region.centre()?.kill();
    await region.startCentre();
  }
  await finishVisit(visit);
});

test('F01 kill -9 of the box while it packs and sends', async t => {
  const visit = await visitUpToSigned();
  for (let round = 1; round <= 3; round++) {
    const ms = moment(0, 60);
    const sending = visit.send().catch(() => undefined);
    await sleep(ms);
    await killBox(t, `box killed ${ms} ms after send was pressed`);
    await sending;
    await visit.clerkLogin();
  }
  // The clerk presses again; what went through before the kill counts.
  await visit.send().catch((error: unknown) => assert.ok(error instanceof Refused, String(error)));
  await finishVisit(visit);
});

test('F01 kill -9 of the box in a storm of ticket requests: every answered ticket exists once', async t => {
  const wishes = Array.from({ length: 60 }, () => randomUUID());
  const answered = new Map<string, TicketView>();
  const ask = async (requestId: string) => {
    const ticket = await httpClient(branch.url).post<TicketView>('/api/tickets', {
      requestId,
      serviceId: visitService,
    });
    const earlier = answered.get(requestId);
    if (earlier) assert.equal(ticket.number, earlier.number, 'the same wish, another number');
    answered.set(requestId, ticket);
  };
  const storm = () =>
    Promise.allSettled(wishes.filter(requestId => !answered.has(requestId)).map(requestId => ask(requestId)));

  for (let round = 1; round <= 3; round++) {
    const ms = moment(100, 1500);
    const storming = storm();
    await sleep(ms);
    await killBox(t, `box killed ${ms} ms into the storm`);
    await storming;
    say(t, `${answered.size} of ${wishes.length} answered`);
  }
  for (const requestId of answered.keys()) await ask(requestId);
  const left = await storm();
  assert.deepEqual(
    left.filter(({ status }) => status === 'rejected'),
    [],
  );
  assert.equal(answered.size, wishes.length);

  const tickets = [...answered].map(([requestId, { number }]) => ({ requestId, number }));
  await assertBooks(tickets);
});
