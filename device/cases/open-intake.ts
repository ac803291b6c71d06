import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { openTextIndex } from '../../platform/text-index/open-text-index.ts';
import type { LiveTopic } from '../../protocol/api/common.ts';
import { openReadPages } from '../capture/read-pages.ts';
import { createRecogniser } from '../capture/recogniser.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import type { Records } from '../journal/open-records.ts';
import { watchFolder } from '../peripherals/document-scanners/folder.ts';
import { openScanner } from '../peripherals/document-scanners/open-scanner.ts';
import type { Condition } from '../peripherals/warnings.ts';
import type { KindRulesHolder } from '../trainer/kind-rules-holder.ts';
import { createArrangementDesk } from './arrangement-desk.ts';
import type { CaseStore } from './case-store.ts';
import { createDocumentDesk } from './document-desk.ts';
import { createDocumentIndex } from './document-index.ts';
import { createIncomingDesk } from './incoming-desk.ts';
import type { IntakeGuard } from './intake-guard.ts';
import { createOriginalDesk } from './original-desk.ts';
import { createProposals } from './proposals.ts';
import { createRecognitions } from './recognitions.ts';
import { createScanDesk } from './scan-desk.ts';

/** Some two thousand pages: what is worked on, and the days before. */
const readPagesBytes = 512 * 1024 ** 2;

/** How paper comes into cases: scanners, the folder of multi-function printers, recognition and the index. */
export async function openIntake(parts: {
  records: Records;
  store: CaseStore;
  register: RegisterHolder;
  rules: KindRulesHolder;
  guard: IntakeGuard;
  config: BoxConfig;
  clock: Clock;
  log: Log;
  changed: (...topics: LiveTopic[]) => void;
}) {
  const { records, store, register, rules, guard, config, clock, log, changed } = parts;
  const { db, journal, blobs } = records;
  const recognitions = createRecognitions(blobs, rules);
  const recogniser = createRecogniser({
    pageTimeoutMs: 60_000,
    readPages: await openReadPages(join(config.dataDir, 'read-pages'), readPagesBytes),
    onRead: () => changed('cases'),
    log,
  });
  const index = createDocumentIndex({
    ...{ journal, store, recognitions, log },
    index: openTextIndex(join(config.dataDir, 'text-index.db'), log),
    timeZone: config.branch.timeZone,
  });
  const documents = createDocumentDesk({
    ...{ journal, store, blobs, recogniser, recognitions, register, intake: guard, log },
  });
  const proposals = createProposals({ store, recognitions, register, rules });
  const originals = createOriginalDesk({ journal, store, blobs, documents, clock });
  const arrangements = createArrangementDesk({ journal, store, register, documents });
  await mkdir(config.incomingDir, { recursive: true });
  const incoming = createIncomingDesk({
    ...{ db, journal, blobs, clock },
    keepDir: config.incomingDir,
    onChange: () => changed('incoming'),
  });
  const folder = watchFolder({
    dir: config.incomingDir,
    onFile: file => incoming.accept(file),
    onRejected: () => changed('incoming'),
    onTrouble: error => log.error({ err: error }, 'the folder of incoming scans is in trouble'),
  });
  const scanners = config.scanners.map(scanner => ({
    ...scanner,
    scanner: openScanner(scanner, config.dataDir),
  }));
  const scans = createScanDesk({
    scanners,
    documents,
    incoming,
    onChange: () => changed('incoming', 'cases', 'devices'),
  });
  return {
    recogniser,
    recognitions,
    index,
    arrangements,
    originals,
    proposals,
    documents,
    incoming,
    scanners,
    scans,
    /** What is wrong with recognition, for the technician. */
    conditions: (): Condition[] =>
      recogniser.readsSlowly() ? [{ code: 'capture.page-reader-missing', details: {}, device: null }] : [],
    /** Goes on with what a restart broke off, and warms the engine up. */
    start() {
      documents.recogniseWaiting();
      void index.catchUp();
      void recogniser
        .warmUp()
        .catch((error: unknown) => log.error({ err: error }, 'recognition cannot start'));
    },
    async stop() {
      await folder.stop();
      scans.stop();
      const idle = documents.idle();
      await recogniser.stop();
      await idle;
      await index.stop();
    },
  };
}
