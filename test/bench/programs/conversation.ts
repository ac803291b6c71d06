/*
 * How a benchmark's program talks with the benchmark: JSON messages over the channel of its parent. It
 * ends with the channel, so nothing is left behind when the benchmark dies.
 */

process.on('disconnect', () => process.exit(0));

/** Says something to the benchmark. */
export function tell(message: object): void {
  process.send?.(message);
}

/** Does each thing the benchmark asks for, by its name, and answers with what came of it. */
export function answer(
  acts: Record<string, (wish: Record<string, unknown>) => object | Promise<object>>,
): void {
  process.on('message', async (message: Record<string, unknown>) => {
    const act = acts[String(message.act)];
    if (!act) throw new Error(`no such act: ${message.act}`);
    tell(await act(message));
  });
}
