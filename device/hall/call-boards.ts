import type { DatabaseSync } from 'node:sqlite';
import type { Log } from '../../platform/log.ts';
import type { Me } from '../../protocol/api/people.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import type { Journal } from '../journal/journal.ts';
import type { CallLine } from '../peripherals/call-boards/call-line.ts';
import type { Hall } from './hall.ts';

/** Plates show whom their window has called; a press calls the next one as the clerk's own button does. */
export interface CallBoards {
  press(window: string): Promise<void>;
}

/** Begins to follow the journal. A press that cannot be obeyed is a line in the log. */
export function createCallBoards(parts: {
  db: DatabaseSync;
  journal: Journal;
  hall: Pick<Hall, 'callNext'>;
  windows: readonly string[];
  line: CallLine;
  /** Who sits at a window now. */
  clerkAt: (window: string) => Me | undefined;
  log: Log;
}): CallBoards {
  const { db, journal, hall, windows, line, clerkAt, log } = parts;
  const atWindow = db.prepare(
    `select number, calls from tickets where window = ? and state in ('called', 'serving') order by called_seq desc limit 1`,
  );
  const refresh = () => {
    for (const window of windows) {
      const row = atWindow.get(window) as { number: string; calls: number } | undefined;
      line.show(window, row?.number ?? '', row?.calls ?? 0);
    }
  };
  refresh();
  journal.onCommit(refresh);
  return {
    async press(window) {
      const clerk = clerkAt(window);
      if (!clerk) {
        log.warn({ window }, 'a button was pressed at a window where nobody works');
        return;
      }
      try {
        await hall.callNext(clerk);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        // Nobody waits, or somebody is at the window already.
        log.info({ window, code: codeOf(error) }, 'a press of a button called nobody');
      }
    },
  };
}
