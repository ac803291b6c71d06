import { AppError } from '../protocol/app-error.ts';

/**
 * How many of its migrations a database of version `version` has seen; 0 is the version of an empty one, and the first
 * migration makes version `first`. Throws `setup.database-too-old` for what no migration begins with.
 */
export function migrationsSeen(version: number, first: number): number {
  if (version > 0 && version < first) throw new AppError('setup.database-too-old');
  return Math.max(0, version - first + 1);
}
