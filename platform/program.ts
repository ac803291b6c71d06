/** How long a program may take to stop by itself. */
const stopWithinMs = 10_000;

/**
 * Runs a program as a supervisor expects it: one JSON line `{"ready":…}` on standard output when it
 * serves, a clean end on SIGTERM, SIGINT or when the parent's channel closes, and a crash on anything
 * unexpected (F41: never limp on).
 */
export async function runProgram<T extends { stop(): Promise<void> }>(
  start: () => Promise<T>,
): Promise<void> {
  // Without a parent that holds the channel nobody would ever stop us, not even while we start.
  process.once('disconnect', exit);
  const { stop, ...facts } = await start();
  process.off('disconnect', exit);
  let stopping = false;
  const end = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), stopWithinMs).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('disconnect', end);
  console.log(JSON.stringify({ ready: true, ...facts }));
}

const exit = () => process.exit(1);
