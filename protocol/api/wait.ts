/** Told wait, in whole minutes from now: a range that four waits of five end within (ADR 42). */
export interface Wait {
  fromMinutes: number;
  toMinutes: number;
}

/** Whether somebody who waits is called before the windows that serve them close. */
export interface Closing {
  /** When the last of them closes. */
  at: string;
  /** `over`: they should have closed by now. */
  chance: 'likely' | 'unsure' | 'unlikely' | 'over';
}
