import { AppError } from '../../protocol/app-error.ts';

/** Exit statuses of `okno verify`; `unusable` also for any command that could not be carried out. */
export const exitStatus = { passed: 0, failed: 1, indeterminate: 2, unusable: 3 } as const;

/** Runs a command; what cannot be read or does not fit is told on standard error with its code. */
export async function unlessUnusable(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof AppError) && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    console.error(
      error instanceof AppError ? `${error.code} ${JSON.stringify(error.details)}` : String(error),
    );
    process.exitCode = exitStatus.unusable;
  }
}
