import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createContentServer } from '../../central/http/content-server.ts';
import { createContentDesk } from '../../central/ingress/content-desk.ts';
import { createContentMessages } from '../../central/ingress/content-messages.ts';
import { startEmbeddedBroker } from '../../central/ingress/embedded-broker.ts';
import { mendContent } from '../../central/ingress/mend-content.ts';
import { createSessions } from '../../central/ingress/sessions.ts';
import { openContentHolders } from '../../central/ledger/content-holders.ts';
import type { Present } from '../../device/journal/clock-trust.ts';
import { openObservations } from '../../device/journal/observations.ts';
import { readParkedEntries } from '../../device/journal/parked-entries.ts';
import { createCentreLine, type TlsIdentity } from '../../device/sync/centre-line.ts';
import { createContentClient } from '../../device/sync/content-client.ts';
import { createDownlink, type DownHandlers } from '../../device/sync/downlink.ts';
import { httpsWay } from '../../device/sync/https-way.ts';
import { createLink } from '../../device/sync/link.ts';
import { mqttWay } from '../../device/sync/mqtt-way.ts';
import { createBackoff } from '../../platform/backoff.ts';
import { openBlobStore } from '../../platform/blob-store.ts';
import { systemClock } from '../../platform/clock.ts';
import { openPartStore } from '../../platform/part-store.ts';
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
  const issued = await authority.issue({ commonName, usage, days: 90, ...names });
  return { ca: network.certificate, cert: issued.certificate, key: issued.privateKey ?? '' };
}

export async function folder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'okno-sync-'));
  // A centre that is being stopped may still put a file there.
  t.after(() => rm(dir, { recursive: true, force: true, maxRetries: 10 }));
  return dir;
}

/** A lost greeting alone costs a line half a minute. */
const longestMs = 120_000;

/** Waits for something that has to come; a test that waits in vain fails by it. */
export async function until(what: string, holds: () => unknown): Promise<void> {
  const endsMs = performance.now() + longestMs;
  while (!(await holds())) {
    if (performance.now() > endsMs) throw new Error(`waited in vain: ${what}`);
    await sleep(10);
  }
}

export type Centre = Awaited<ReturnType<typeof startCentre>>;

/** The centre's half: real books, broker and content server, in this process. */
export async function startCentre(
  t: TestContext,
  dir: string,
  judge?: JudgeFact,
  refusedKeys?: ReadonlySet<string>,
) {
  const books = await openTestCentre(join(dir, 'centre.db'), [], judge);
  await books.ledger.readParked();
  const blobs = await openBlobStore(join(dir, 'blobs'));
  const enrolment = { isEnrolled: (box: string) => enrolled.includes(box), refusedKeys };
  const births: Birth[] = [];
  const send = (topic: string, payload: Buffer) => broker.send(topic, payload);
  const sessions = createSessions({
    ...books,
    clock: systemClock,
    log: silentLog,
    send,
    onBirth: async (_box, birth) => void births.push(birth),
    onChange: () => {},
  });
  const holders = openContentHolders(books.storage);
  const scrub = mendContent({ ...books, blobs, holders, log: silentLog });
  t.after(() => scrub.stop());
  const desk = createContentDesk({
    downLogs: books.downLogs,
    holders,
    blobs,
    parts: await openPartStore(join(dir, 'blobs', 'part'), blobs),
    async onComplete(blob) {
      await sessions.sendReceipts(await books.ledger.contentArrived(blob));
    },
  });
  const content = await createContentServer({ desk, ...enrolment, tls: serverTls, log: silentLog });
  const broker = await startEmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    tls: serverTls,
    ...enrolment,
    events: { ...sessions, content: createContentMessages({ desk, send, log: silentLog }) },
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
    scrub,
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

/** The line between: one proxy for messages, one for content, one for content on the port of messages. */
export async function layLine(t: TestContext, centre?: Centre) {
  const [messages, content, contentMessages] = [
    await startTcpProxy(),
    await startTcpProxy(),
    await startTcpProxy(),
  ];
  t.after(() => Promise.all([messages, content, contentMessages].map(proxy => proxy.close())));
  const line = {
    messages,
    content,
    contentMessages,
    lead(to: Centre | undefined) {
      messages.target = to?.mqttPort;
      content.target = to?.contentPort;
      contentMessages.target = to?.mqttPort;
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
  appointment: ({ appointmentId, appointment }) => [
    { type: 'appointment.put', subject: appointmentId, body: appointment },
  ],
  destroyed: async ({ caseId, act }, downSeq) => [
    { type: 'case.content-destroyed', subject: caseId, body: { act, removed: 0, downSeq } },
  ],
};

export interface BoxOptions {
  box?: string;
  tls?: TlsIdentity;
  handlers?: Partial<DownHandlers>;
  /** What the box can read of the centre. */
  judge?: JudgeDownEntry;
  keepaliveSeconds?: number;
  watermarkWithinMs?: number;
  /** What the box knows of the time without its wall clock. */
  present?: () => Present;
  /** Ways of content, the preferred one first. */
  ways?: ('https' | 'mqtt')[];
  /** How long a range may wait for its answer. */
  requestTimeoutMs?: number;
}

/** The box's half: real journal, blob store and link. */
export async function startBox(
  t: TestContext,
  dir: string,
  line: {
    messages: Pick<TcpProxy, 'port'>;
    content: Pick<TcpProxy, 'port'>;
    contentMessages?: Pick<TcpProxy, 'port'>;
  },
  options: BoxOptions = {},
) {
  const { box = 'mfc-041', requestTimeoutMs = 3000 } = options;
  const tls = options.tls ?? (await identityOf(network, box));
  const centreLine = createCentreLine({
    tls,
    present: options.present ?? (() => ({ ms: Date.now(), isTold: true })),
  });
  const { db, journal, state } = openTestJournal(join(dir, 'box.db'));
  const observations = openObservations({
    db,
    journal,
    clock: systemClock,
    log: silentLog,
    isDiskLow: async () => false,
  });
  const blobs = await openBlobStore(join(dir, 'box-blobs'));
  const parts = await openPartStore(join(dir, 'box-blobs', 'part'), blobs);
  const content = createContentClient({
    ways: (options.ways ?? ['https']).map(name => {
      const port = name === 'https' ? line.content.port : (line.contentMessages ?? line.messages).port;
      return name === 'https'
        ? httpsWay({ url: `https://127.0.0.1:${port}`, line: centreLine, requestTimeoutMs })
        : mqttWay({ url: `mqtts://127.0.0.1:${port}`, box, line: centreLine, requestTimeoutMs });
    }),
    clock: systemClock,
    ...{ blobs, parts, log: silentLog },
    backoffMs: { base: 20, ceiling: 200 },
  });
  const downlink = createDownlink({
    journal,
    state,
    blobs,
    content,
    handlers: { ...handlers, ...options.handlers },
    parked: () => readParkedEntries(db),
    ...(options.judge && { judge: options.judge }),
    log: silentLog,
  });
  const link = createLink({
    box,
    url: `mqtts://127.0.0.1:${line.messages.port}`,
    line: centreLine,
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
    ...(options.watermarkWithinMs !== undefined && { watermarkWithinMs: options.watermarkWithinMs }),
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
