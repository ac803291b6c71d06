import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openBlobStore } from '../platform/blob-store.ts';
import { readAnchors, readTlsIdentity } from '../platform/certificates.ts';
import { systemClock } from '../platform/clock.ts';
import { createHttpServer } from '../platform/http.ts';
import { addLiveStream } from '../platform/live-stream.ts';
import { createLog } from '../platform/log.ts';
import { addLogin } from '../platform/login.ts';
import { runProgram } from '../platform/program.ts';
import { openTextIndex } from '../platform/text-index/open-text-index.ts';
import type { LiveTopic } from '../protocol/api.ts';
import { AppError } from '../protocol/app-error.ts';
import { createRecogniser } from './capture/recogniser.ts';
import { createCaseDesk, type Trust } from './cases/case-desk.ts';
import { createCaseStore } from './cases/case-store.ts';
import { createCaseViews } from './cases/case-view.ts';
import { createDocumentDesk } from './cases/document-desk.ts';
import { createDocumentIndex } from './cases/document-index.ts';
import { createIncomingDesk } from './cases/incoming-desk.ts';
import { createRecognitions } from './cases/recognitions.ts';
import { createResultDesk } from './cases/result-desk.ts';
import { createScanDesk } from './cases/scan-desk.ts';
import { type BoxConfig, readBoxConfig } from './config/box-config.ts';
import { openRegister } from './config/register-file.ts';
import { createHall } from './hall/hall.ts';
import { addCaseRoutes } from './http/case-routes.ts';
import { addCheckRoutes } from './http/check-routes.ts';
import { addHallRoutes } from './http/hall-routes.ts';
import { addPageRoutes } from './http/page-routes.ts';
import { addServiceRoutes } from './http/service-routes.ts';
import { createBoxState } from './journal/box-state.ts';
import { keepCheckpoints } from './journal/checkpoints.ts';
import { type ClockTrust, createClockTrust } from './journal/clock-trust.ts';
import { keepHighWater } from './journal/high-water.ts';
import { openBoxJournal } from './journal/open-box-journal.ts';
import { watchFolder } from './peripherals/document-scanners/folder.ts';
import { type Watched, watchHealth } from './peripherals/health.ts';
import {
  checkScanner,
  codeOfPrinter,
  openDocumentPrinter,
  openScanner,
  openTicketPrinter,
} from './peripherals/open-peripherals.ts';
import { tokenProfiles } from './peripherals/tokens/profiles.ts';
import { createTokenService } from './signing/token-service.ts';
import { createContentClient } from './sync/content-client.ts';
import { createDownlink } from './sync/downlink.ts';
import { createLink } from './sync/link.ts';

/** What a birth message calls this program. */
const software = 'okno-box 0.1.0';
/** A clock before this is certainly wrong: the program did not exist yet. */
const builtAt = '2026-11-01T00:00:00.000Z';

/** A busy branch writes some thousand facts a day. */
const checkpointEvery = { everyFacts: 500, everyMs: 15 * 60_000 };

/** Topics of the pages that a fact touches, by the first word of its type. */
const topicsOf: Record<string, LiveTopic[]> = {
  ticket: ['queue', 'board'],
  case: ['cases', 'queue'],
  document: ['cases'],
  token: ['devices'],
  register: ['register'],
  box: [],
};

/** Builds the box from its configuration, starts it, and returns the way to stop it in reverse order. */
export async function startBox(config: BoxConfig, uiDir: string) {
  const clock = systemClock;
  const log = createLog(config.box, config.logLevel);
  let clockTrust: ClockTrust | undefined;
  const clockQuality = () => clockTrust?.quality() ?? 'untrusted';
  const { db, journal } = await openBoxJournal({ dir: config.dataDir, clock, clockQuality, log });
  const highWater = keepHighWater(config.dataDir, journal, log);
  const boxState = createBoxState(db);
  clockTrust = createClockTrust({ clock, state: boxState, builtAt, newestFactAt: journal.newestTrustedAt() });
  clockTrust.keepIn(journal);
  const blobs = await openBlobStore(join(config.dataDir, 'blobs'));
  const register = await openRegister(db, blobs, config.register, log);
  const trust: Trust = {
    clerks: await readAnchors(config.trust.clerks),
    boxes: await readAnchors(config.trust.boxes),
    officers: await readAnchors(config.trust.officers),
    agencySystems: await readAnchors(config.trust.agencySystems),
  };
  const tls = await readTlsIdentity(config.identity);

  const server = await createHttpServer(log);
  const live = addLiveStream(server);
  // No answer leaves while what it may speak of could still be undone.
  server.addHook('onSend', () => journal.settled());
  const login = addLogin(server, config.users, clock);
  journal.onCommit(facts =>
    live.changed('link', ...facts.flatMap(({ type }) => topicsOf[type.split('.')[0] ?? ''] ?? [])),
  );
  const publicUrl = () => {
    if (config.http.publicUrl) return config.http.publicUrl;
    const { port } = server.server.address() as { port: number };
    return `http://localhost:${port}`;
  };

  const printer = openTicketPrinter(config.ticketPrinter, log);
  const hall = createHall({ db, journal, clock, config, register, printer, publicUrl, log });
  await journal.commit([
    {
      type: 'box.started',
      subject: config.box,
      body: { version: software, recovered: await hall.recover() },
    },
  ]);

  const store = createCaseStore(db);
  const recognitions = createRecognitions(blobs);
  const recogniser = createRecogniser({ pageTimeoutMs: 60_000, log });
  const index = createDocumentIndex({
    journal,
    store,
    recognitions,
    index: openTextIndex(join(config.dataDir, 'text-index.db'), log),
    timeZone: config.branch.timeZone,
    log,
  });
  const documents = createDocumentDesk({
    journal,
    store,
    blobs,
    recogniser,
    recognitions,
    register,
    minFreeBytes: config.minFreeBytes,
    log,
  });
  await mkdir(config.incomingDir, { recursive: true });
  const incoming = createIncomingDesk({
    db,
    journal,
    blobs,
    clock,
    keepDir: config.incomingDir,
    onChange: () => live.changed('incoming'),
  });
  const folder = watchFolder({
    dir: config.incomingDir,
    onFile: file => incoming.accept(file),
    onRejected: () => live.changed('incoming'),
    onTrouble: error => log.error({ err: error }, 'the folder of incoming scans is in trouble'),
  });
  const scans = createScanDesk({
    scanners: config.scanners.map(scanner => ({ ...scanner, scanner: openScanner(scanner) })),
    documents,
    incoming,
    onChange: () => live.changed('incoming', 'cases', 'devices'),
  });

  const profile = Object.values(tokenProfiles).find(({ id }) => id === config.token.profile);
  if (!profile) throw new AppError('setup.bad-configuration', { what: 'token.profile' });
  const token = createTokenService({
    modulePath: config.token.modulePath,
    tokenLabel: config.token.label,
    env: config.token.env,
    profile,
    log,
    pinTries: {
      get: serial => Number(boxState.get(`wrong-pins:${serial}`) ?? 0),
      async set(serial, tries) {
        await journal.commit([], () => boxState.set(`wrong-pins:${serial}`, String(tries)));
      },
    },
  });
  const a4Printer = openDocumentPrinter(config.a4Printer);
  const seal = {
    key: createPrivateKey(await readFile(config.identity.sealKey)),
    certificate: new X509Certificate(await readFile(config.identity.sealCert)).raw,
  };
  const checkpoints = keepCheckpoints({ journal, box: config.box, seal, log, ...checkpointEvery });
  const cases = createCaseDesk({
    journal,
    store,
    blobs,
    recognitions,
    register,
    token,
    seal,
    trust,
    config,
    clock,
  });
  const results = createResultDesk({
    journal,
    store,
    blobs,
    register,
    printer: a4Printer,
    trust,
    config,
    publicUrl,
    clock,
    log,
  });

  const content = createContentClient({ url: config.centre.contentUrl, tls, blobs, log });
  const downlink = createDownlink({ journal, state: boxState, blobs, content, handlers: results.down, log });
  const watched: Watched[] = [
    {
      id: 'ticket-printer',
      kind: 'ticket-printer',
      title: { ru: 'Принтер талонов', en: 'Ticket printer' },
      check: async () => codeOfPrinter(await printer.status()),
    },
    ...config.scanners.map(
      (scanner): Watched => ({
        id: scanner.id,
        kind: 'document-scanner',
        title: { ru: scanner.title, en: scanner.title },
        check: async () => (scans.isBusy(scanner.id) ? null : await checkScanner(scanner)),
        everyMs: 30_000,
      }),
    ),
    {
      id: 'token',
      kind: 'token',
      title: { ru: 'Ключ подписи', en: 'Signature token' },
      check: async () => (await token.view()).code ?? null,
    },
    {
      id: 'disk',
      kind: 'disk',
      title: { ru: 'Место на диске', en: 'Disk space' },
      check: async () => ((await blobs.freeBytes()) < config.minFreeBytes ? 'case.disk-low' : null),
    },
  ];
  const health = watchHealth(watched, clock, log, () => live.changed('devices'));
  const link = createLink({
    box: config.box,
    url: config.centre.mqttUrl,
    tls,
    journal,
    boxState,
    content,
    downlink,
    birth: () => ({
      software,
      registerVersion: register.version(),
      clock: clockQuality(),
      peripherals: health.view().map(({ id, kind, state }) => ({ id, kind, state })),
    }),
    clock,
    log,
    onCentreTime: at => clockTrust.centreSaid(at),
    onChange: () => live.changed('link'),
  });

  addHallRoutes(server, { hall, register, config, login, clock });
  addCaseRoutes(server, {
    login,
    blobs,
    store,
    views: createCaseViews({ journal, store, recognitions, register }),
    cases,
    documents,
    scans,
    incoming,
    results,
    recognitions,
    index,
  });
  addCheckRoutes(server, { store, register, config });
  addServiceRoutes(server, { box: config.box, login, health, link, journal, token });
  await addPageRoutes(server, uiDir);
  await server.listen({ host: config.http.host, port: config.http.port });

  documents.recogniseWaiting();
  void index.catchUp();
  link.start();
  // The first look and the engine's warm-up must not delay the first ticket.
  void health.look();
  void recogniser.warmUp().catch((error: unknown) => log.error({ err: error }, 'recognition cannot start'));

  return {
    box: config.box,
    url: publicUrl(),
    async stop() {
      live.close();
      await server.close();
      await folder.stop();
      scans.stop();
      health.stop();
      await link.stop();
      const idle = documents.idle();
      await recogniser.stop();
      await idle;
      await index.stop();
      await token.close();
      await printer.close();
      checkpoints.stop();
      await journal.settled();
      await highWater.stop();
      await journal.close();
      db.close();
    },
  };
}

if (import.meta.main) {
  const [configPath = 'box.json', uiDir = 'ui/dist'] = process.argv.slice(2);
  await runProgram(async () => startBox(await readBoxConfig(configPath), uiDir));
}
