import { AppError } from '../../protocol/app-error.ts';

/** Exit statuses of `okno verify`; `unusable` also for any command that could not be carried out. */
export const exitStatus = { passed: 0, failed: 1, indeterminate: 2, unusable: 3 } as const;

/** Says why a command could not be carried out, when that is somebody's to mend; anything else is a fault of ours. */
export async function orUnusable(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AppError) && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    console.error(
      error instanceof AppError ? `${error.code} ${JSON.stringify(error.details)}` : String(error),
    );
    process.exitCode = exitStatus.unusable;
  }
}
