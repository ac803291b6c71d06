import { join } from 'node:path';
import { businessDay, systemClock as clock } from '../platform/clock.ts';
import { createLog } from '../platform/log.ts';
import { openPartStore } from '../platform/part-store.ts';
import { runProgram } from '../platform/program.ts';
import { createAppointmentDesk } from './appointments/appointment-desk.ts';
import { createAppointmentPaper } from './appointments/appointment-paper.ts';
import { createApplicantDesk } from './cases/applicant-desk.ts';
import { createCaseDesk } from './cases/case-desk.ts';
import { createCaseStore } from './cases/case-store.ts';
import { createCaseViews } from './cases/case-view.ts';
import { createContentDestroyer } from './cases/destroy-content.ts';
import { guardIntake } from './cases/intake-guard.ts';
import { openIntake } from './cases/open-intake.ts';
import { createPacker } from './cases/packer.ts';
import { createReceiptDesk } from './cases/receipts/receipt-desk.ts';
import { recoverPackages } from './cases/recover-packages.ts';
import { createResultDesk } from './cases/result-desk.ts';
import { createSeparatorDesk } from './cases/separators/separator-desk.ts';
import { type BoxConfig, readBoxConfig, updateBoxConfig } from './config/box-config.ts';
import { readIdentity, readTrust } from './config/identity-files.ts';
import { openRegister } from './config/register-file.ts';
import { type SharedConfiguration, withShared } from './config/shared-configuration.ts';
import { openTicketTemplate } from './config/ticket-template-file.ts';
import { createForecastReport } from './hall/forecast-report.ts';
import { createHall } from './hall/hall.ts';
import { openCallBoards } from './hall/open-call-boards.ts';
import { repeatTicks } from './hall/repeat-ticks.ts';
import { trialSlip } from './hall/slip.ts';
import { addApplicantRoutes } from './http/applicant-routes.ts';
import { addAppointmentRoutes } from './http/appointment-routes.ts';
import { createBoxServer } from './http/box-server.ts';
import { addCaseRoutes } from './http/case-routes.ts';
import { addCheckRoutes } from './http/check-routes.ts';
import { addCopyRoutes } from './http/copy-routes.ts';
import { addForecastRoutes } from './http/forecast-routes.ts';
import { addHallAdminRoutes } from './http/hall-admin-routes.ts';
import { addHallRoutes } from './http/hall-routes.ts';
import { addHubRoutes, guardHub } from './http/hub-routes.ts';
import { addOriginalRoutes } from './http/original-routes.ts';
import { addPageRoutes } from './http/page-routes.ts';
import { limitPublicWrites } from './http/public-writes.ts';
import { addReceiptRoutes } from './http/receipt-routes.ts';
import { addScanRoutes } from './http/scan-routes.ts';
import { addScreenRoutes } from './http/screen-routes.ts';
import { addSeparatorRoutes } from './http/separator-routes.ts';
import { addServiceRoutes, linkView } from './http/service-routes.ts';
import { addStationReadings } from './http/station-routes.ts';
import { addTechnicianRoutes } from './http/technician-routes.ts';
import { addTicketTemplateRoutes } from './http/ticket-template-routes.ts';
import { addTrainerRoutes } from './http/trainer-routes.ts';
import { branchConditions } from './hub/branch-conditions.ts';
import { followPair, type PairLine } from './hub/follow-pair.ts';
import { createHub } from './hub/hub.ts';
import { openHubCopy } from './hub/hub-copy.ts';
import { keepCheckpoints } from './journal/checkpoints.ts';
import { type Observations, openObservations } from './journal/observations.ts';
import { openRecords } from './journal/open-records.ts';
import { countOutbox } from './journal/outbox-counts.ts';
import { readParkedEntries } from './journal/parked-entries.ts';
import { watchHealth } from './peripherals/health.ts';
import { getModel, openDocumentPrinter, openTicketPrinter } from './peripherals/open-peripherals.ts';
import { openReaders } from './peripherals/open-readers.ts';
import { openRoles } from './peripherals/roles.ts';
import { watchedParts } from './peripherals/watched-parts.ts';
import { createWireLog } from './peripherals/wire-log.ts';
import { createCaseStatus } from './screens/case-status.ts';
import { openToken } from './signing/open-token.ts';
import { createVoice } from './sound/voice.ts';
import { createCentreLine } from './sync/centre-line.ts';
import { createContentClient } from './sync/content-client.ts';
import { createDownlink } from './sync/downlink.ts';
import { httpsWay } from './sync/https-way.ts';
import { createLink } from './sync/link.ts';
import { mendBlobs } from './sync/mend-blobs.ts';
import { mqttWay } from './sync/mqtt-way.ts';
import { watchTerms } from './technician/certificate-terms.ts';
import { createDeviceTests } from './technician/device-tests.ts';
import { createTechnicianDesk, type TechnicianDesk } from './technician/technician-desk.ts';
import { keepTelemetry } from './telemetry.ts';
import { openKindRules } from './trainer/kind-rules-holder.ts';
import { openSamples } from './trainer/sample-store.ts';
import { createTrainer } from './trainer/trainer.ts';

/** What a birth message calls this program. */
const software = 'okno-box 0.1.0';

/** A busy branch writes some thousand facts a day. */
const checkpointEvery = { everyFacts: 500, everyMs: 15 * 60_000 };

/**
 * Builds the box from its configuration, starts it, and returns the way to stop it in reverse order. A spare box
 * whose hub works by another configuration asks to be started anew with it.
 */
export async function startBox(
  config: BoxConfig,
  uiDir: string,
  onConfiguration: (shared: SharedConfiguration) => Promise<void>,
) {
  const { box, minFreeBytes } = config;
  let observations: Observations | undefined;
  const log = createLog(box, config.logLevel, warning =>
    observations?.add({ class: 'logs', type: 'log.line', body: { ...warning, times: 1 } }),
  );
  const ends = new AsyncDisposableStack();

  // Records, and what the box was put into service with.
  const records = await openRecords({ dir: config.dataDir, clock, log, reserveBytes: minFreeBytes / 2 });
  ends.defer(() => records.stop());
  const { db, journal, boxState, blobs, clockTrust } = records;
  const { calendar } = clockTrust;
  const { freeBytes } = blobs;
  const isDiskLow = async () => (await freeBytes()) < minFreeBytes;
  const kept = openObservations({ db, journal, clock, log, isDiskLow });
  observations = kept;
  ends.defer(() => kept.stop());
  const outbox = countOutbox({ db, observations, clock });
  const guard = guardIntake({ outbox, freeBytes, minFreeBytes });
  const register = await openRegister(db, blobs, config.register, log);
  const trust = await readTrust(config.trust);
  const { tls, seal } = await readIdentity(config.identity);
  const checkpoints = keepCheckpoints({ journal, box, seal, log, ...checkpointEvery });
  ends.defer(() => checkpoints.stop());

  // The queue.
  const web = await createBoxServer({ journal, config, clock, log });
  const { server, login, publicUrl } = web;
  const { changed } = web.live;
  const { pair } = config;
  const copy = pair && openHubCopy(join(config.dataDir, 'hub-copy.db'), log);
  ends.defer(() => copy?.close());
  const hub = createHub({
    config,
    db,
    journal,
    boxState,
    copy,
    seal,
    anchors: trust.boxes,
    publicUrl,
    clock,
    calendar,
    log,
  });
  guardHub(server, hub);
  limitPublicWrites(server, clock);
  let pairLine: PairLine | undefined;
  const printerWire = createWireLog(clock, false);
  const templates = await openTicketTemplate(join(config.dataDir, 'ticket-template.json'), log);
  const printer = openTicketPrinter(config.ticketPrinter, log, {
    wire: printerWire,
    template: templates.get,
  });
  ends.defer(() => printer.close());
  const hall = createHall({
    ...{ db, journal, clock, calendar, config, register, printer, publicUrl, log },
    awaited: () => appointments.awaited(),
    ...(copy && { isKnownElsewhere: copy.knows }),
  });
  const timer = repeatTicks(hall, log);
  ends.defer(() => timer.stop());
  const recovered = await hall.recover();
  const appointments = createAppointmentDesk({
    ...{ db, journal, register, config, clock: calendar },
    issue: ({ requestId, serviceId, isInTime }) =>
      hall.issue({ requestId, serviceId, purpose: isInTime ? 'appointment' : 'submit', holder: requestId }),
    ticketNumber: ticketId => hall.ticket(ticketId).number,
    paper: createAppointmentPaper({ journal, printer, log }),
  });
  await appointments.closeEarlierDays();
  await journal.commit([{ type: 'box.started', subject: box, body: { version: software, recovered } }]);

  // Plates and buttons at the windows.
  const callBoards = openCallBoards({ config, db, journal, hall, log });
  ends.defer(() => callBoards.stop());

  // From paper to a signed package, and from its result to paper.
  const token = openToken(config.token, records, log, () => void health.look('token'));
  ends.defer(() => token.close());
  const store = createCaseStore(db);
  // Before anybody opens a case: its number must not be one that is in a package already.
  await recoverPackages({ box, journal, boxState, store, blobs, trust, now: clock.now(), log });
  const rules = await openKindRules({ box, journal, boxState, blobs, clock, log });
  const intake = await openIntake({ records, store, register, rules, guard, config, clock, log, changed });
  ends.defer(() => intake.stop());
  const { recognitions } = intake;
  const desk = { journal, store, blobs, register, trust, config, clock };
  const packer = createPacker({ ...desk, recognitions, seal });
  const cases = createCaseDesk({ ...desk, recognitions, token, packer, calendar });
  const applicantToken = config.applicantToken && openToken(config.applicantToken, records, log);
  ends.defer(() => applicantToken?.close());
  const applicants = createApplicantDesk({ ...desk, token: applicantToken });
  const a4Printer = openDocumentPrinter(config.a4Printer);
  const results = createResultDesk({ ...desk, printer: a4Printer, publicUrl, log });

  // Health, and the centre.
  const line = createCentreLine({ tls, present: clockTrust.present });
  const terms = watchTerms({
    ...{ tls, seal: seal.certificate, centre: line.shown },
    nowMs: () => (clockTrust.quality() === 'trusted' ? clock.now().getTime() : clockTrust.present().ms),
  });
  const isScanning = intake.scans.isBusy;
  const watched = watchedParts({
    ...{ config, printer, isScanning, guard },
    token: { view: async () => terms.sawToken(await token.view()) },
    isDamaged: () => mender.hasDamage(),
  });
  const forecast = createForecastReport({ db, clock, config, now: hall.waitNow });
  const parts = [...watched, ...callBoards.watched, forecast.watched];
  const health = watchHealth(parts, clock, log, () => {
    changed('devices');
    telemetry.devicesMayHaveChanged();
  });
  ends.defer(() => health.stop());
  let plugged: TechnicianDesk['plugged'] = () => [];
  const devices = () => [...health.view(), ...plugged(null)];
  const content = createContentClient({
    ways: [
      httpsWay({ url: config.centre.contentUrl, line }),
      mqttWay({ url: config.centre.mqttUrl, box, line }),
    ],
    parts: await openPartStore(join(config.dataDir, 'blobs', 'part'), blobs),
    ...{ blobs, clock, log },
  });
  const mender = mendBlobs({ db, blobs, content, log, onChange: () => changed('devices') });
  ends.defer(() => mender.stop());
  const parked = () => readParkedEntries(db);
  const downlink = createDownlink({
    ...{ journal, state: boxState, blobs, content, parked, log },
    handlers: {
      ...results.down,
      appointment: appointments.told,
      destroyed: createContentDestroyer({ db, store, blobs, log }),
    },
  });
  const link = createLink({
    ...{
      box,
      url: config.centre.mqttUrl,
      line,
      journal,
      boxState,
      observations,
      content,
      downlink,
      clock,
      log,
    },
    birth: () => ({
      software,
      registerVersion: register.version(),
      clock: clockTrust.quality(),
      peripherals: devices().map(({ id, kind, state }) => ({ id, kind, state })),
    }),
    onCentreTime: at => clockTrust.centreSaid(at),
    onChange: () => changed('link'),
  });
  ends.defer(() => link.stop());
  const telemetry = keepTelemetry({
    ...{ observations, outbox, guard, devices, freeBytes, certificates: terms.ofBox },
    lineQuality: link.quality,
    clockQuality: clockTrust.quality,
  });
  ends.defer(() => telemetry.stop());
  const readers = openReaders({
    ...{ config, clock, log, roles: openRoles(journal, boxState) },
    onReading: web.tellReading,
    onChange: () => {
      changed('devices');
      telemetry.devicesMayHaveChanged();
    },
  });
  ends.defer(() => readers.stop());
  const technician = createTechnicianDesk({
    ...{ config, software, clock, health, readers, clockQuality: clockTrust.quality },
    link: () => linkView(link, journal),
    wires: new Map([['ticket-printer', printerWire]]),
    conditions: () => [...branchConditions(hub, pairLine), ...terms.conditions(), ...intake.conditions()],
  });
  ({ plugged } = technician);

  // Addresses.
  addAppointmentRoutes(server, { desk: appointments, login, clock });
  addHallRoutes(server, { hall, register, config, login, clock: calendar });
  addForecastRoutes(server, { forecast, login });
  addHallAdminRoutes(server, { hall, login });
  addStationReadings(server, web);
  await addScreenRoutes(server, {
    ...{
      hall,
      register,
      hasAppointments: appointments.areOffered,
      voice: createVoice(),
      screens: config.screens ?? {},
    },
    caseStatus: createCaseStatus({ db, register, clock }),
  });
  const views = createCaseViews({
    ...{ journal, store, recognitions, register, rules, isRead: intake.recogniser.isRead },
    today: () => businessDay(calendar.now(), config.branch.timeZone),
  });
  addCaseRoutes(server, { ...intake, login, blobs, store, views, cases, results });
  const receipts = createReceiptDesk({ views, register, printer: a4Printer, branch: config.branch, clock });
  addReceiptRoutes(server, { login, receipts });
  await addApplicantRoutes(server, { login, applicants, views, store });
  addScanRoutes(server, { ...intake, login, views });
  await addOriginalRoutes(server, { ...intake, login, views, store, blobs });
  addCheckRoutes(server, { store, register, config, results, clock });
  addCopyRoutes(server, { login, store, register, config, clock });
  const model = getModel(config.ticketPrinter.model);
  addTicketTemplateRoutes(server, { login, templates, model, branch: config.branch, log });
  const separators = createSeparatorDesk({ register, printer: a4Printer, clock });
  addSeparatorRoutes(server, { login, separators });
  const { supervisor } = readers;
  const test = createDeviceTests({
    ...{ printer, scanners: intake.scanners, isScanning, token, journal, supervisor },
    slip: () => trialSlip(config.branch, clock.now(), publicUrl()),
  });
  addTechnicianRoutes(server, { login, desk: technician, test });
  const hubChanged = () => changed('hub', 'queue', 'board', 'hall', 'devices');
  addHubRoutes(server, { hub, line: () => pairLine, config, login, onChange: hubChanged });
  addServiceRoutes(server, { box, login, health, link, journal, outbox, token, plugged });
  const samples = openSamples(join(config.dataDir, 'kind-samples'), log);
  const trainer = createTrainer({ ...intake, rules, samples, store, register, clock });
  addTrainerRoutes(server, { login, trainer });
  await addPageRoutes(server, uiDir);
  await web.listen();
  ends.defer(() => web.stop());

  if (pair && copy)
    pairLine = followPair({ config, pair, hub, copy, clock, log, onChange: hubChanged, onConfiguration });
  ends.defer(() => pairLine?.stop());
  link.start();
  // The first look and the engine's warm-up must not delay the first ticket.
  void health.look();
  intake.start();

  return { box, url: publicUrl(), stop: () => ends.disposeAsync() };
}

if (import.meta.main) {
  const [configPath = 'box.json', uiDir = 'ui/dist'] = process.argv.slice(2);
  await runProgram(async () =>
    startBox(await readBoxConfig(configPath), uiDir, async shared => {
      await updateBoxConfig(configPath, config => withShared(config, shared));
      // Whoever started it starts it again.
      process.kill(process.pid, 'SIGTERM');
    }),
  );
}
