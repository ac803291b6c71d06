/** The fewest commands that still fail, as far as the time goes: ever smaller pieces are left out. */
export async function shrink<T>(
  commands: readonly T[],
  fails: (commands: readonly T[]) => Promise<boolean>,
  forMs: number,
): Promise<readonly T[]> {
  let kept = commands;
  const until = performance.now() + forMs;
  const hasTime = () => performance.now() < until;
  let size = Math.ceil(kept.length / 2);
  while (hasTime()) {
    let isSmaller = false;
    for (let from = 0; from < kept.length && hasTime(); ) {
      const without = kept.toSpliced(from, size);
      if (await fails(without)) {
        kept = without;
        isSmaller = true;
      } else from += size;
    }
    if (size === 1 && !isSmaller) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return kept;
}
