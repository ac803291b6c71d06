import { createSqliteStorage } from '../storage/sqlite.ts';
import type { Storage } from '../storage/storage.ts';
import { type DriverQuestion, driverInThread } from '../storage/thread-driver.ts';
import { startThread } from '../storage/thread-talk.ts';
import type { Intake } from './intake.ts';
import type { Spares } from './projections.ts';

export interface ThreadWish {
  path: string;
  /** Authorities of the boxes' seals, DER. */
  sealAnchors: readonly Uint8Array[];
  spares?: Spares | undefined;
  logLevel: string;
}

/** Payloads lie one behind the other, so that they move to the thread without another copy. */
interface IntakeQuestion {
  act: 'intake';
  boxes: readonly string[];
  sizes: readonly number[];
  bytes: Uint8Array<ArrayBuffer>;
}

export type ThreadQuestion = { act: 'start' | 'stop' } | IntakeQuestion | DriverQuestion;

/**
 * The centre's SQLite file in a thread of its own (ADR 0015), which also reads and stores what boxes send:
 * the event loop stays with the sockets, and a second processor has work. Everything else of the centre
 * asks through `storage`, a statement at a time.
 */
export async function openSqliteInThread(wish: ThreadWish): Promise<{ storage: Storage; intake: Intake }> {
  const thread = await startThread(new URL('./sqlite-thread.ts', import.meta.url), wish);
  const storage = createSqliteStorage(driverInThread(thread.ask));
  return {
    storage: {
      ...storage,
      async close() {
        await storage.close();
        await thread.stop();
      },
    },
    intake(batch) {
      const sizes = batch.map(({ payload }) => payload.length);
      const bytes = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
      let end = 0;
      for (const { payload } of batch) {
        bytes.set(payload, end);
        end += payload.length;
      }
      const question: IntakeQuestion = { act: 'intake', boxes: batch.map(({ box }) => box), sizes, bytes };
      return thread.ask(question, [bytes.buffer]);
    },
  };
}
