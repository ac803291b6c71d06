import { setTimeout as sleep } from 'node:timers/promises';
import type { KillRegion, Seat } from './region.ts';

/** Longest life of a program between two kills. */
const longestLifeMs = { box: 600, centre: 2400 };
/** Calls of a box or a centre to its disk from its start until it was busy for a while. */
const callsOfALife = 900;
const longestLifeByCallMs = 1500;

export interface Killing {
  region: KillRegion;
  random: () => number;
  /** Preloaded, it makes a program die right before one of its calls to the disk; undefined without a compiler. */
  recorder: string | undefined;
  /** Told of each round; false ends the killing. */
  onRound: (what: string) => boolean;
}

/**
 * Kills the programs of a region, each on its own, again and again: at a random moment of their lives, start
 * included, or right before a random call to the disk, between a write and its flush as well.
 */
export async function killAtRandom({ region, random, recorder, onRound }: Killing): Promise<void> {
  await Promise.all(region.seats.map(({ program }) => program()?.kill()));
  let goesOn = true;

  async function live({ name, program, start }: Seat): Promise<void> {
    while (goesOn) {
      const diesAt = 1 + Math.floor(random() * callsOfALife);
      const lifeMs = random() * longestLifeMs[name === 'centre' ? 'centre' : 'box'];
      const byCall = recorder !== undefined && random() < 0.5;
      const starting = start(byCall ? dying(recorder, diesAt) : {});
      // Killed before it was ready, it never says so.
      starting.catch(() => {});
      if (byCall) await Promise.race([program()?.gone, sleep(longestLifeByCallMs)]);
      else {
        if (random() < 0.8) await Promise.race([starting, program()?.gone]);
        await sleep(lifeMs);
      }
      await program()?.kill();
      const how = byCall ? `before call ${diesAt}` : `after ${Math.round(lifeMs)} ms`;
      goesOn = onRound(`${name} killed ${how}`) && goesOn;
    }
    await start();
  }

  await Promise.all(
    region.seats.map(seat =>
      live(seat).catch(error => {
        goesOn = false;
        throw error;
      }),
    ),
  );
}

const dying = (recorder: string, diesAt: number) => ({
  LD_PRELOAD: recorder,
  OKNO_DISK_DIR: '/',
  OKNO_DISK_LOG: '/dev/null',
  OKNO_DISK_DIE: String(diesAt),
});
