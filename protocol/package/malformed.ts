import { AppError } from '../app-error.ts';

/**
 * A container that breaks the rules. `reason` is a short code such as `duplicate-name`; the entry's name
 * is left out of it, because a name chosen by a stranger may hold anything.
 */
export function malformed(reason: string): AppError {
  return new AppError('package.malformed', { reason });
}

/**
 * What to do about something unusual that other programs write and that leads nobody astray. In our own
 * packages it is refused, so that no byte of them can change unnoticed; in others it is only told.
 */
export type Oddity = (reason: string) => void;

export const refuseOddity: Oddity = reason => {
  throw malformed(reason);
};
