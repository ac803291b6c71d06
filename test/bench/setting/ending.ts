type Step = () => void | Promise<void>;

const steps: Step[] = [];

/** What has to be taken down when the benchmark ends, however it ends; the last added goes first. */
export function atTheEnd(step: Step): void {
  steps.push(step);
}

export async function takeDown(): Promise<void> {
  for (let step = steps.pop(); step; step = steps.pop()) await step();
}
