import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { openDatabase } from '../../platform/sqlite.ts';
import { openSqliteOver } from '../storage/sqlite.ts';
import { sqliteDriver } from '../storage/sqlite-dialect.ts';
import { serveDriver } from '../storage/thread-driver.ts';
import { answerQuestions } from '../storage/thread-talk.ts';
import { createIntake } from './intake.ts';
import { openLedger } from './ledger.ts';
import type { ThreadQuestion, ThreadWish } from './threaded-sqlite.ts';
import { openTroubles } from './troubles.ts';

/*
 * The thread that has the centre's SQLite file. It answers questions in the order in which they come, as
 * far as they may share a transaction.
 */
const { path, sealAnchors, spares, logLevel } = workerData as ThreadWish;
const driver = sqliteDriver(openDatabase(path));
const storage = await openSqliteOver(driver);
const log = createLog('centre', logLevel);
const troubles = openTroubles(storage, systemClock);
const ledger = openLedger({ storage, clock: systemClock, log, troubles, sealAnchors, spares });
const intake = createIntake({ ledger, troubles, log });
const statement = serveDriver(driver);

answerQuestions<ThreadQuestion>(parentPort as MessagePort, async question => {
  switch (question.act) {
    case 'start':
      return undefined;
    case 'stop':
      return await storage.close();
    case 'intake': {
      let begin = 0;
      const batch = question.boxes.map((box, index) => {
        const end = begin + (question.sizes[index] ?? 0);
        const payload = question.bytes.subarray(begin, end);
        begin = end;
        return { box, payload };
      });
      return await intake(batch);
    }
    default:
      return await statement(question);
  }
});
