import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readAnchors, readTlsIdentity } from '../platform/certificates.ts';
import { systemClock } from '../platform/clock.ts';
import { createLog, type Log } from '../platform/log.ts';
import { runProgram } from '../platform/program.ts';
import { openTextIndex } from '../platform/text-index/open-text-index.ts';
import { openTlsDoor } from '../platform/tls-door.ts';
import { readCertificate } from '../protocol/signature/certificate.ts';
import { openAppointmentBook } from './appointments/appointment-book.ts';
import { startArchiveIndex } from './archive/archive-index.ts';
import { startArchive } from './archive/start-archive.ts';
import { keepAudit } from './audit/audit-keeper.ts';
import { openAuditLog } from './audit/audit-log.ts';
import { proveFrom } from './audit/prove.ts';
import { openContent } from './blobs/open-content.ts';
import { openCaseBook } from './cases/case-book.ts';
import { createCaseViews } from './cases/case-views.ts';
import { type CentreConfig, readCentreConfig, sparesOf } from './config.ts';
import { openEvidenceBook } from './evidence/evidence-book.ts';
import { keepEvidence } from './evidence/evidence-keeper.ts';
import { createEvidenceViews } from './evidence/evidence-views.ts';
import { openRevocation, openStamps } from './evidence/open-evidence.ts';
import { createContentServer } from './http/content-server.ts';
import { createOperatorServer } from './http/operator-server.ts';
import { createRegionView } from './http/region-view.ts';
import { openBoxLinks } from './ingress/box-links.ts';
import { watchCertificates } from './ingress/certificate-watch.ts';
import { createContentDesk } from './ingress/content-desk.ts';
import { createContentMessages } from './ingress/content-messages.ts';
import { type EmbeddedBrokerOptions, startEmbeddedBroker } from './ingress/embedded-broker.ts';
import { openEnrolment } from './ingress/enrolment.ts';
import { mendContent } from './ingress/mend-content.ts';
import { startRabbitMq } from './ingress/rabbitmq.ts';
import { createSessions } from './ingress/sessions.ts';
import { openContentHolders } from './ledger/content-holders.ts';
import { openDownLogs } from './ledger/down-logs.ts';
import type { Intake } from './ledger/intake.ts';
import { openLedger } from './ledger/ledger.ts';
import { openObservationBook } from './ledger/observations.ts';
import { openSqliteInThread } from './ledger/threaded-sqlite.ts';
import { openTroubles } from './ledger/troubles.ts';
import { ownCertificates } from './own-certificates.ts';
import { openRegisterStore } from './registry/register-store.ts';
import { gatewayAdapter } from './relay/adapters/gateway.ts';
import { startRelay } from './relay/relay.ts';
import { openRelayStore } from './relay/relay-store.ts';
import { openPostgresStorage } from './storage/postgres.ts';
import type { Storage } from './storage/storage.ts';

/** So long evidence may be awaited before operators are told. */
const evidenceAlarmMs = 3_600_000;

/** Builds the centre from its configuration, starts it, and returns the way to stop it in reverse order. */
export async function startCentre(config: CentreConfig, uiDir: string) {
  const clock = systemClock;
  const log = createLog('centre', config.logLevel);
  const anchors = {
    clerks: await readAnchors(config.trust.clerks),
    applicants: await readAnchors(config.trust.applicants ?? config.trust.clerks),
    boxes: await readAnchors(config.trust.boxes),
    officers: await readAnchors(config.trust.officers),
    agencySystems: await readAnchors(config.trust.agencySystems),
  };
  const { storage, ...books } = await openBooks(config, anchors.boxes, log);
  // Whoever was connected to this process is not any more; a cluster tells by itself.
  if (!config.rabbitmq) await openBoxLinks(storage, clock).forgetAll();
  const { blobs, parts } = await openContent(config, clock);
  const tls = await readTlsIdentity(config.tls);

  const troubles = openTroubles(storage, clock);
  const ledger = openLedger({
    storage,
    clock,
    log,
    troubles,
    sealAnchors: anchors.boxes,
    spares: sparesOf(config),
  });
  await ledger.readParked();
  const downLogs = openDownLogs(storage, clock);
  const book = openCaseBook(storage, clock);
  const boxes = config.boxes.map(({ box }) => box);
  const enrolment = await openEnrolment(config);
  const registers = openRegisterStore({ storage, blobs, ledger, downLogs, clock });
  await registers.publish(JSON.parse(await readFile(config.register, 'utf8')), boxes);

  const archive = startArchiveIndex({
    ...{ storage, blobs, log, timeZone: config.timeZone },
    index: openTextIndex(join(config.dataDir, 'text-index.db'), log),
    register: registers.current,
  });
  const stamps = await openStamps(config);
  const audit = openAuditLog(storage, clock);
  const auditor = keepAudit({
    ...{ storage, audit, seal: await readSeal(config), clock, log },
    ...{ troubles, stamps: stamps?.authority },
    everyMs: { sign: config.signAuditEveryMs ?? 60_000, heads: 600_000, stamp: 3_600_000 },
  });
  const certificates = watchCertificates({
    ...{ storage, troubles, clock, log, own: await ownCertificates(config) },
    everyMs: 3_600_000,
  });
  await certificates.look();
  const evidence = openEvidenceBook(storage, clock, { stamps: stamps !== undefined });
  const revocation = await openRevocation(config, storage, blobs);
  const keeper = keepEvidence({
    ...{ storage, blobs, book: evidence, desk: revocation, anchors, stamps, troubles, clock, log },
    ...{ everyMs: config.evidenceEveryMs ?? 60_000, alarmAfterMs: evidenceAlarmMs },
    onChange: () => operator.live.changed('cases'),
  });
  const cases = createCaseViews({ storage, book, register: registers.current });
  const region = createRegionView({ storage, troubles, registers, config, clock });
  const holders = openContentHolders(storage);
  const { timeZone } = config;
  const kept = startArchive({
    ...{ storage, blobs, book, downLogs, holders, evidence, registers, troubles, anchors },
    ...{ timeZone, clock, log, stamps, desk: revocation },
    branchName: name => config.boxes.find(({ box }) => box === name)?.name.ru ?? name,
    onChange: () => operator.live.changed('cases'),
  });
  const operator = await createOperatorServer({
    users: config.operators.map(({ role = 'operator', ...user }) => ({ ...user, role, window: null })),
    uiDir,
    clock,
    log,
    blobs,
    ledger,
    cases,
    registers,
    region,
    archive,
    archiveDesk: kept,
    timeZone,
    prove: wish => proveFrom(storage, audit, wish),
    evidence: createEvidenceViews({
      ...{ storage, blobs, book: evidence, stamps, clock, alarmAfterMs: evidenceAlarmMs },
    }),
    appointments: openAppointmentBook({
      ...{ storage, downLogs, clock, boxes: config.boxes },
      register: registers.current,
    }),
  });
  const showAnew = () => operator.live.changed('cases', 'queue', 'link');
  storage.onAnnounced(showAnew);
  const changed = () => {
    showAnew();
    storage.announce();
  };

  const agencies = new Map(
    await Promise.all(
      config.agencies.map(async ({ agencyId, url, ...files }) => {
        const identity = await readTlsIdentity(files);
        return [agencyId, gatewayAdapter({ baseUrl: url, tls: identity, timeoutMs: 30_000 })] as const;
      }),
    ),
  );
  const relay = startRelay({
    storage,
    blobs,
    ledger,
    store: openRelayStore(storage),
    book,
    downLogs,
    holders,
    troubles,
    registers,
    agencies,
    anchors,
    revocation,
    evidence,
    timeZone: config.timeZone,
    pollMs: config.pollAgenciesMs,
    clock,
    log,
    onChange() {
      changed();
      archive.kick();
      kept.kick();
    },
  });

  const send = (topic: string, payload: Buffer) => ingress.send(topic, payload);
  const sessions = createSessions({
    ...books,
    storage,
    ledger,
    downLogs,
    observations: openObservationBook(storage, clock),
    troubles,
    clock,
    log,
    send,
    onBirth: (box, birth) => registers.bringUpToDate(box, birth.registerVersion),
    onChange: () => {
      relay.kick();
      changed();
    },
  });
  const scrub = mendContent({ blobs, storage, holders, downLogs, troubles, log });
  const desk = createContentDesk({
    blobs,
    parts,
    downLogs,
    holders,
    async onComplete(blob) {
      await sessions.sendReceipts(await ledger.contentArrived(blob));
      relay.kick();
    },
  });
  const content = await createContentServer({ desk, ...enrolment, tls, log });
  const { ingress, mqttPort } = await startIngress(config, {
    tls,
    ...enrolment,
    events: { ...sessions, content: createContentMessages({ desk, send, log }) },
    onCloned: box => troubles.raise('sync.identity-cloned', box, { box }),
    log,
  });
  await content.listen({ host: config.host, port: config.ports.content });
  await operator.server.listen({ host: config.host, port: config.ports.operator });
  const door = config.pages && (await openTlsDoor(operator.server, config.pages, log));

  const portOf = (server: { server: { address(): unknown } }) =>
    (server.server.address() as { port: number }).port;
  return {
    ports: { mqtt: mqttPort, content: portOf(content), operator: portOf(operator.server) },
    async stop() {
      scrub.stop();
      await certificates.stop();
      operator.live.close();
      await door?.close();
      await operator.server.close();
      await ingress.close();
      await content.close();
      await sessions.stop();
      await relay.stop();
      await archive.stop();
      await keeper.stop();
      await kept.stop();
      await auditor.stop();
      await storage.close();
    },
  };
}

/** PostgreSQL takes what boxes send from this process; the SQLite file is in a thread that does it there. */
async function openBooks(
  config: CentreConfig,
  sealAnchors: readonly Uint8Array[],
  log: Log,
): Promise<{ storage: Storage; intake?: Intake }> {
  const { database, dataDir, logLevel } = config;
  if (database) return { storage: await openPostgresStorage(database, log) };
  return await openSqliteInThread({
    ...{ path: join(dataDir, 'centre.db'), sealAnchors, spares: sparesOf(config), logLevel },
  });
}

async function readSeal({ seal }: CentreConfig) {
  if (!seal) return undefined;
  const certificate = new Uint8Array(new X509Certificate(await readFile(seal.cert)).raw);
  const name = readCertificate(certificate).subject.find('CN') ?? '';
  return { name, certificate, key: createPrivateKey(await readFile(seal.key)) };
}

async function startIngress(config: CentreConfig, parts: Omit<EmbeddedBrokerOptions, 'host' | 'port'>) {
  const { host, ports, rabbitmq } = config;
  if (rabbitmq) {
    const identity = { urls: rabbitmq.urls, tls: await readTlsIdentity(rabbitmq) };
    return { ingress: await startRabbitMq({ ...parts, ...identity }), mqttPort: ports.mqtt };
  }
  const ingress = await startEmbeddedBroker({ host, port: ports.mqtt, ...parts });
  return { ingress, mqttPort: ingress.port };
}

if (import.meta.main) {
  const [configPath = 'centre.json', uiDir = 'ui/dist'] = process.argv.slice(2);
  await runProgram(async () => startCentre(await readCentreConfig(configPath), uiDir));
}
