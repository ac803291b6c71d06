import { type Logger, pino } from 'pino';
import { codeOf } from '../protocol/app-error.ts';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'> & {
  child(bindings: Record<string, unknown>): Log;
};

/** A line that somebody should see: its own words and code, without what is bound to it. */
export interface Warning {
  level: 'warn' | 'error' | 'fatal';
  message: string;
  code: string | null;
}

/** JSON lines on standard error. Names of members that could carry a secret are cut out wherever they stand. */
export function createLog(
  program: string,
  level: string,
  /** Hears each warning, whatever the level of the lines. */
  onWarning?: (warning: Warning) => void,
): Log {
  return pino(
    {
      name: program,
      level,
      redact: { paths: ['pin', 'password', '*.pin', '*.password', 'headers.cookie'], censor: '[removed]' },
      hooks: {
        logMethod(args, method, level) {
          const name = pino.levels.labels[level];
          if (onWarning && (name === 'warn' || name === 'error' || name === 'fatal'))
            onWarning({ level: name, ...wordsOf(args) });
          method.apply(this, args);
        },
      },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

function wordsOf(args: readonly unknown[]): { message: string; code: string | null } {
  const [bound, message] = typeof args[0] === 'string' ? [{}, args[0]] : args;
  const { code, err } = (bound ?? {}) as { code?: unknown; err?: unknown };
  // The words of an error may hold whatever was asked for.
  const isOwn = typeof message === 'string' && !(err instanceof Error && err.message === message);
  return {
    message: isOwn ? message.slice(0, 200) : 'an error',
    code: typeof code === 'string' ? code.slice(0, 64) : err === undefined ? null : codeOf(err),
  };
}
