import { AppError } from '../../protocol/app-error.ts';

/** Classes 08 and 57P of the PostgreSQL manual, appendix A, and what the socket says. */
const away = /^(08...|57P0[123]|E(CONN\w+|PIPE|HOSTUNREACH|TIMEDOUT))$/;
/** The driver has no codes for these. */
const awayTexts =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Client was closed)/;

/** The same outcome; a database that is not there becomes `internal.database-away`. */
export async function translated<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { code = '', message } = error as { code?: string; message?: string };
    if (away.test(code) || awayTexts.test(message ?? ''))
      throw new AppError('internal.database-away', { reason: message ?? code });
    throw error;
  }
}

/** Classes 28 and 3D: it does not know us, or has no such database. Without a password the driver throws a text. */
export function isRefusal(error: unknown): error is Error {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return /^(28|3D)/.test(code) || message.startsWith('SASL');
}
