import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createContentServer } from '../../central/http/content-server.ts';
import { startEmbeddedBroker } from '../../central/ingress/embedded-broker.ts';
import { createSessions } from '../../central/ingress/sessions.ts';
import { openObservations } from '../../device/journal/observations.ts';
import { readParkedEntries } from '../../device/journal/parked-entries.ts';
import { createContentClient, type TlsIdentity } from '../../device/sync/content-client.ts';
import { createDownlink, type DownHandlers } from '../../device/sync/downlink.ts';
import { createLink } from '../../device/sync/link.ts';
import { createBackoff } from '../../platform/backoff.ts';
import { openBlobStore } from '../../platform/blob-store.ts';
import { systemClock } from '../../platform/clock.ts';
import type { JudgeFact } from '../../protocol/facts.ts';
import type { Birth, JudgeDownEntry } from '../../protocol/messages.ts';
import { type Authority, createAuthority } from '../../provisioning/certificates/authority.ts';
import { openTestCentre, openTestJournal, silentLog } from '../fixtures/books.ts';
import { startTcpProxy, type TcpProxy } from '../simulators/tcp-proxy/tcp-proxy.ts';

export const network = await createAuthority('Связь');
export const foreigners = await createAuthority('Чужой центр');
export const enrolled = ['mfc-041', 'mfc-042'];
const serverTls = await identityOf(network, 'centre', 'tls-server');

export async function identityOf(
  authority: Authority,
  commonName: string,
  usage: 'tls-server' | 'tls-client' = 'tls-client',
): Promise<TlsIdentity> {
  const names = usage === 'tls-server' ? { names: ['localhost', '127.0.0.1'] } : {};
  const issued = await authority.issue({ commonName, usage, days: 2, ...names });
  return { ca: network.certificate, cert: issued.certificate, key: issued.privateKey ?? '' };
}

export async function folder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'okno-sync-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** Waits for something that has to come; a test that waits in vain fails by it. */
export async function until(what: string, holds: () => unknown, timeoutMs = 30_000): Promise<void> {
  const endsMs = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > endsMs) throw new Error(`waited in vain: ${what}`);
    await sleep(10);
  }
}

export type Centre = Awaited<ReturnType<typeof startCentre>>;

/** The centre's half: real books, broker and content server, in this process. */
export async function startCentre(t: TestContext, dir: string, judge?: JudgeFact) {
  const books = await openTestCentre(join(dir, 'centre.db'), [], judge);
  await books.ledger.readParked();
  const blobs = await openBlobStore(join(dir, 'blobs'));
  const isEnrolled = (box: string) => enrolled.includes(box);
  const births: Birth[] = [];
  const sessions = createSessions({
    ...books,
    clock: systemClock,
    log: silentLog,
    send: (topic, payload) => broker.send(topic, payload),
    onBirth: async (_box, birth) => void births.push(birth),
    onChange: () => {},
  });
  const content = await createContentServer({
    downLogs: books.downLogs,
    blobs,
    isEnrolled,
    tls: serverTls,
    log: silentLog,
    async onComplete(blob) {
      await sessions.sendReceipts(await books.ledger.contentArrived(blob));
    },
  });
  const broker = await startEmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    tls: serverTls,
    isEnrolled,
    events: sessions,
    onCloned: box => books.troubles.raise('sync.identity-cloned', box, { box }),
    log: silentLog,
  });
  await content.listen({ host: '127.0.0.1', port: 0 });
  let stopped = false;
  const centre = {
    ...books,
    blobs,
    births,
    sessions,
    mqttPort: broker.port,
    contentPort: (content.server.address() as { port: number }).port,
    async stop() {
      if (stopped) return;
      stopped = true;
      await broker.close();
      await content.close();
      await sessions.stop();
      await books.storage.close();
    },
  };
  t.after(centre.stop);
  return centre;
}

/** The line between: one proxy for messages, one for content. */
export async function layLine(t: TestContext, centre?: Centre) {
  const [messages, content] = [await startTcpProxy(), await startTcpProxy()];
  t.after(() => Promise.all([messages.close(), content.close()]));
  const line = {
    messages,
    content,
    lead(to: Centre | undefined) {
      messages.target = to?.mqttPort;
      content.target = to?.contentPort;
    },
  };
  line.lead(centre);
  return line;
}

/** What the box made of entries, as facts that tell their order. */
const handlers: DownHandlers = {
  status: ({ caseId, status, by, saidAt }, downSeq) => [
    { type: 'case.status-received', subject: caseId, body: { status, by, saidAt, downSeq } },
  ],
  result: async ({ caseId, result, saidAt }, downSeq) => [
    {
      type: 'case.result-received',
      subject: caseId,
      body: { result, verdict: 'passed', saidAt, downSeq },
    },
  ],
  register: async ({ version, content }) => [
    { type: 'register.adopted', subject: 'box', body: { version, content } },
  ],
};

export interface BoxOptions {
  box?: string;
  tls?: TlsIdentity;
  handlers?: Partial<DownHandlers>;
  /** What the box can read of the centre. */
  judge?: JudgeDownEntry;
  keepaliveSeconds?: number;
}

/** The box's half: real journal, blob store and link. */
export async function startBox(
  t: TestContext,
  dir: string,
  line: { messages: Pick<TcpProxy, 'port'>; content: Pick<TcpProxy, 'port'> },
  options: BoxOptions = {},
) {
  const box = options.box ?? 'mfc-041';
  const tls = options.tls ?? (await identityOf(network, box));
  const { db, journal, state } = openTestJournal(join(dir, 'box.db'));
  const observations = openObservations({
    db,
    journal,
    clock: systemClock,
    log: silentLog,
    isDiskLow: async () => false,
  });
  const blobs = await openBlobStore(join(dir, 'box-blobs'));
  const content = createContentClient({
    url: `https://127.0.0.1:${line.content.port}`,
    tls,
    blobs,
    log: silentLog,
    requestTimeoutMs: 3000,
    backoffMs: { base: 20, ceiling: 200 },
  });
  const downlink = createDownlink({
    journal,
    state,
    content,
    handlers: { ...handlers, ...options.handlers },
    parked: () => readParkedEntries(db),
    ...(options.judge && { judge: options.judge }),
    log: silentLog,
  });
  const link = createLink({
    box,
    url: `mqtts://127.0.0.1:${line.messages.port}`,
    tls,
    journal,
    boxState: state,
    content,
    downlink,
    observations,
    birth: () => ({ software: 'test', registerVersion: 0, clock: 'trusted', peripherals: [] }),
    clock: systemClock,
    log: silentLog,
    onChange: () => {},
    backoff: createBackoff(20, 200),
    keepaliveSeconds: options.keepaliveSeconds ?? 20,
  });
  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    await link.stop();
    await observations.stop();
    await journal.close();
    db.close();
  };
  t.after(stop);
  return { box, db, journal, state, observations, blobs, content, downlink, link, stop };
}

/** Everything that the box wrote is in the centre for good. */
export const synced = (box: { journal: { receiptedUpTo(): number; head(): number } }) =>
  until('every fact receipted', () => box.journal.receiptedUpTo() === box.journal.head());
