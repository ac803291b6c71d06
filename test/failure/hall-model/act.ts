/** One act over HTTP: what it asks, and what the model says to it, which is asked when the answer is there. */
export interface Act {
  path: string;
  body?: object;
  /** Who is logged in. */
  me?: string;
  /** The code of a refusal. */
  expected: () => string | undefined;
  done?: (value: unknown) => void;
}
