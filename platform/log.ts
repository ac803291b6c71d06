import { type Logger, pino } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'> & {
  child(bindings: Record<string, unknown>): Log;
};

/** JSON lines on standard error. Names of members that could carry a secret are cut out wherever they stand. */
export function createLog(program: string, level: string): Log {
  return pino(
    {
      name: program,
      level,
      redact: { paths: ['pin', 'password', '*.pin', '*.password', 'headers.cookie'], censor: '[removed]' },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
