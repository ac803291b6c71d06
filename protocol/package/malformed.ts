import { AppError } from '../app-error.ts';

/**
 * A container that breaks the rules. `reason` is a short code such as `duplicate-name`; the entry's name
 * is left out of it, because a name chosen by a stranger may hold anything.
 */
export function malformed(reason: string): AppError {
  return new AppError('package.malformed', { reason });
}
