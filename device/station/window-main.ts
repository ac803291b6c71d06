import { type Clock, systemClock } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { runProgram } from '../../platform/program.ts';
import { codeOf } from '../../protocol/app-error.ts';
import type { Reading } from '../../protocol/readings.ts';
import type { Roots } from '../peripherals/discovery/sysfs.ts';
import { openReaders } from '../peripherals/open-readers.ts';
import { drivers, driversFor } from '../peripherals/registry.ts';
import type { KeptRole } from '../peripherals/roles.ts';
import { createBranchHub } from './branch-hub.ts';
import { HubAway, HubRefusal } from './hub-client.ts';
import { readWindowConfig, type WindowConfig } from './window-config.ts';

const lookForHubEveryMs = 2_000;

/**
 * The box of a window: what its code scanners and card readers read goes to the hub, for the clerk who is logged in
 * at that window. Nothing is kept here, neither readings (they are personal data) nor anything else: while the hub
 * is away the clerk's page is away too, and the clerk reads the card once more.
 */
export async function startWindowStation(
  config: WindowConfig,
  options: { clock?: Clock; roots?: Roots } = {},
) {
  const log = createLog(config.station, config.logLevel);
  const answers = new Map<string, string>();
  const hub = createBranchHub(config.hub, {
    answer: path => answers.get(path),
    keepAnswer: (path, body) => void answers.set(path, body),
  });

  /** What went wrong last; each trouble is said once. */
  let trouble = '';
  async function telling(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      trouble = '';
    } catch (error) {
      // Each box that took over is newer than the one before: this ends.
      if (await hub.lookAround(() => {})) return telling(work);
      if (String(error) === trouble) return;
      trouble = String(error);
      if (error instanceof HubAway) log.warn({ reason: error.message }, 'the hub is away');
      else if (error instanceof HubRefusal)
        log.error({ code: error.body.code }, 'the hub refuses this station');
      else log.error({ code: codeOf(error), err: error }, 'a fault of the station');
    }
  }
  const tell = ({ device, read }: Reading) =>
    void telling(() => hub.ask('POST', '/api/stations/readings', { device, read }));

  let roles: KeptRole[] = [];
  const readers = openReaders({
    ...{ config, log, clock: options.clock ?? systemClock },
    ...(options.roots && { roots: options.roots }),
    // The configuration says what each device is for: there is nothing that a start must find again.
    roles: {
      all: () => roles,
      async save(all) {
        roles = all;
      },
    },
    onReading: tell,
    onChange: () => queueMicrotask(assign),
  });
  /** A newcomer gets the first driver that fits. */
  function assign(): void {
    for (const { id, role, attached } of readers.supervisor.devices()) {
      if (role) continue;
      const fitting = driversFor(drivers, attached).map(({ driver }) => driver.id);
      const wish = config.readers.find(({ driver }) => fitting.includes(driver));
      if (!wish) continue;
      readers.supervisor
        .assign(id, { ...wish, place: 'window' })
        .catch((error: unknown) => log.error({ code: codeOf(error), err: error }, 'a device was not taken'));
    }
  }
  assign();
  const timer = setInterval(() => void telling(() => hub.requireHub()), lookForHubEveryMs);
  return {
    station: config.station,
    /** Devices that work. */
    ready: () => readers.supervisor.devices().filter(({ state }) => state.phase === 'ready').length,
    async stop() {
      clearInterval(timer);
      await readers.stop();
    },
  };
}

if (import.meta.main) {
  const [configPath = 'window.json'] = process.argv.slice(2);
  await runProgram(async () => startWindowStation(await readWindowConfig(configPath)));
}
