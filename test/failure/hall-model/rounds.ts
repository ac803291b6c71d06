import type { TestContext } from 'node:test';
import { seededRandom } from '../../fixtures/books.ts';
import { runBranch, type Setting } from './branch.ts';
import { type Command, drawCommands } from './commands.ts';
import { shrink } from './shrink.ts';

const seed = Number(process.env.OKNO_SEED ?? Date.now() % 1_000_000);
const commandsARound = 250;
const shrinkForMs = 60_000;
const zones = ['Europe/Kaliningrad', 'Europe/Moscow', 'Asia/Kamchatka', 'Europe/Berlin'];
// An ordinary morning, shortly before midnight in Moscow, and before a clock change in Berlin.
const beginnings = ['2026-11-23T06:00:00.000Z', '2026-11-23T20:30:00.000Z', '2026-10-24T23:30:00.000Z'];

/** Plays so many rounds, each from its own part of the seed; throws at the first that the model does not follow. */
export async function playRounds(
  t: Pick<TestContext, 'diagnostic'>,
  { rounds, clockLies }: { rounds: number; clockLies: boolean },
): Promise<void> {
  t.diagnostic(`OKNO_SEED=${seed}`);
  for (let round = 0; round < rounds; round++) {
    const random = seededRandom(seed + 2 * round + (clockLies ? 1 : 0));
    const draw = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
    const setting = { timeZone: draw(zones), at: draw(beginnings), clockLies };
    const commands = drawCommands(random, commandsARound);
    const failure = await failureOf(setting, commands);
    if (!failure) continue;
    t.diagnostic(`${JSON.stringify(setting)}, round ${round}:\n${failure.done.join('\n')}\n${failure.error}`);
    // Whoever named the seed wants to know why, and has the time.
    if (process.env.OKNO_SEED) {
      const reached = commands.slice(0, failure.done.length + 1);
      const few = await shrink(
        reached,
        async each => (await failureOf(setting, each)) !== undefined,
        shrinkForMs,
      );
      const least = await failureOf(setting, few);
      t.diagnostic(`the fewest commands that fail:\n${least?.done.join('\n')}\n${few.at(-1)?.name}`);
    }
    throw failure.error;
  }
}

async function failureOf(setting: Setting, commands: readonly Command[]) {
  const done: string[] = [];
  try {
    await runBranch(setting, commands, what => done.push(what));
    return undefined;
  } catch (error) {
    return { error, done };
  }
}
