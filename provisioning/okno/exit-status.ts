/** Exit statuses of `okno verify`; `unusable` also for any command that could not be carried out. */
export const exitStatus = { passed: 0, failed: 1, indeterminate: 2, unusable: 3 } as const;
