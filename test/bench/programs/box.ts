import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBoxState } from '../../../device/journal/box-state.ts';
import { openJournal } from '../../../device/journal/journal.ts';
import { openObservations } from '../../../device/journal/observations.ts';
import { createCentreLine } from '../../../device/sync/centre-line.ts';
import { createContentClient } from '../../../device/sync/content-client.ts';
import { createDownlink } from '../../../device/sync/downlink.ts';
import { httpsWay } from '../../../device/sync/https-way.ts';
import { createLink } from '../../../device/sync/link.ts';
import { openBlobStore } from '../../../platform/blob-store.ts';
import { readTlsIdentity } from '../../../platform/certificates.ts';
import { systemClock as clock } from '../../../platform/clock.ts';
import { createLog } from '../../../platform/log.ts';
import { openPartStore } from '../../../platform/part-store.ts';
import { openDatabase } from '../../../platform/sqlite.ts';
import type { Blob } from '../../../protocol/values.ts';
import { dayFacts } from '../setting/day-facts.ts';
import { answer, tell } from './conversation.ts';

/** `box NAME DIR CA CERT KEY`: the half of a box that keeps and sends: journal, blobs, link and content. */
const [box = '', dir = '', ca = '', cert = '', key = ''] = process.argv.slice(2);
const log = createLog(box, 'error');
const db = openDatabase(join(dir, 'box.db'));
const journal = openJournal({ db, clock, clockQuality: () => 'trusted' });
const boxState = createBoxState(db);
const observations = openObservations({ db, journal, clock, log, isDiskLow: async () => false });
const blobs = await openBlobStore(join(dir, 'blobs'));
const parts = await openPartStore(join(dir, 'blobs', 'part'), blobs);
const tls = await readTlsIdentity({ ca, cert, key });
const facts = dayFacts('1980-01-01');
let content: ReturnType<typeof createContentClient>;

function connect(mqttUrl: string, contentUrl: string) {
  const line = createCentreLine({ tls, present: () => ({ ms: clock.now().getTime(), isTold: true }) });
  const ways = [httpsWay({ url: contentUrl, line })];
  content = createContentClient({ ways, clock, blobs, parts, log });
  const nothing = () => [];
  const several = async () => nothing();
  const handlers = {
    ...{ status: nothing, appointment: nothing },
    ...{ result: several, register: several, destroyed: several },
  };
  const downlink = createDownlink({
    journal,
    state: boxState,
    blobs,
    content,
    handlers,
    parked: nothing,
    log,
  });
  const link = createLink({
    ...{ box, line, journal, boxState, observations, content, downlink, clock, log },
    url: mqttUrl,
    birth: () => ({ software: 'okno-bench', registerVersion: 1, clock: 'trusted', peripherals: [] }),
    onChange: () => {},
  });
  link.start();
  return link;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(1);
}

/** Commits a fact each `everyMs` until `stop`, and notes how long each took to its receipt. */
function smallFacts(everyMs: number) {
  const latenciesMs: number[] = [];
  const open = new Map<number, number>();
  const commit = setInterval(async () => {
    const committedMs = performance.now();
    for (const { seq } of await journal.commit([facts.next().value])) open.set(seq, committedMs);
  }, everyMs);
  const look = setInterval(() => {
    const upTo = journal.receiptedUpTo();
    for (const [seq, committedMs] of open)
      if (seq <= upTo) {
        latenciesMs.push(performance.now() - committedMs);
        open.delete(seq);
      }
  }, 2);
  return async () => {
    clearInterval(commit);
    await until(() => open.size === 0);
    clearInterval(look);
    return latenciesMs;
  };
}

let stopSmall: () => Promise<number[]> = async () => [];
answer({
  async connect({ mqttUrl, contentUrl }) {
    const link = connect(String(mqttUrl), String(contentUrl));
    await until(() => link.state().state === 'connected');
    return { receipted: journal.receiptedUpTo() };
  },
  /** From the connection to the receipt of the last fact. */
  async sync({ mqttUrl, contentUrl }) {
    const link = connect(String(mqttUrl), String(contentUrl));
    await until(() => link.state().state === 'connected');
    const begunMs = performance.now();
    await until(() => journal.receiptedUpTo() === journal.head());
    return { tookMs: performance.now() - begunMs, facts: journal.head() };
  },
  startSmall({ everyMs }) {
    stopSmall = smallFacts(Number(everyMs));
    return {};
  },
  stopSmall: async () => ({ latenciesMs: await stopSmall() }),
  put: async ({ path }) => blobs.put(await readFile(String(path)), 'application/octet-stream'),
  async upload({ blob }) {
    const begunMs = performance.now();
    await content.upload(blob as Blob);
    return { tookMs: performance.now() - begunMs };
  },
});
tell({ head: journal.head() });
process.on('SIGTERM', () => process.exit(0));
