/** A benchmark that this machine cannot run; the reason goes into its line and the exit status is not 0. */
export class Skipped extends Error {}
