import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Reading } from '../../protocol/readings.ts';
import type { Attached } from './discovery/attached.ts';
import { holdersOf } from './discovery/holders.ts';
import { watchHotPlug } from './discovery/hot-plug.ts';
import { lookAtSysfs, type Roots } from './discovery/sysfs.ts';
import { drivers, driversFor } from './registry.ts';
import type { RoleStore } from './roles.ts';
import { type Supervisor, startSupervisor } from './supervisor.ts';
import { openHid } from './transports/hid.ts';
import { type CardService, startCardService } from './transports/pcsc.ts';
import { openSerial } from './transports/serial.ts';

export interface Readers {
  supervisor: Supervisor;
  /** Whether the card service is needed and does not run. */
  lacksCardService(): boolean;
  stop(): Promise<void>;
}

const machine: Roots = { sys: '/sys', dev: '/dev' };

/** Signature tokens that pcscd shows as readers: commands of ours between those of their own module would disturb them. */
const tokens = /rutoken|jacarta|esmart|etoken|aladdin/i;

/** Everything that is found when it is plugged in: code scanners and card readers. */
export function openReaders(parts: {
  /** Devices that it names belong to somebody else. */
  config: object;
  roles: RoleStore;
  clock: Clock;
  log: Log;
  onReading(reading: Reading): void;
  onChange(): void;
  /** Where the kernel shows what is plugged in. */
  roots?: Roots;
}): Readers {
  const { config, roles, clock, log, onReading, onChange, roots = machine } = parts;
  let supervisor: Supervisor | undefined;
  const cards = hasCardService()
    ? startCardService({ log, onChange: () => void supervisor?.look() })
    : noCards;
  const started = startSupervisor({
    lookAround: async () => (await lookAround(roots, cards, config)).filter(isOurs),
    watch: watchHotPlug,
    ...{ drivers, roles, onReading, onChange },
    world: {
      ...{ clock, log, holdersOf },
      openLine: {
        cards,
        openSerial: (path, baudRate) => openSerial({ path, baudRate, offline: 'device.offline' }),
        openHid: (path, takesKeyboard) => openHid({ path, takesKeyboard }),
      },
    },
  });
  supervisor = started;
  return {
    supervisor: started,
    lacksCardService: () =>
      !cards.runs() && started.devices().some(({ attached }) => attached.line === 'pcsc'),
    async stop() {
      await started.stop();
      await cards.stop();
    },
  };
}

/** Without the service, a branch has no such readers, and no process waits for them. */
function hasCardService(): boolean {
  return existsSync('/usr/sbin/pcscd') || process.env.PCSCLITE_CSOCK_NAME !== undefined;
}

const noCards: CardService = {
  runs: () => false,
  readers: () => [],
  listen: () => () => undefined,
  transmit: () => Promise.reject(new Error('there is no card service')),
  pid: () => undefined,
  stop: async () => undefined,
};

const isOurs = (attached: Attached) => driversFor(drivers, attached).length > 0;

/** What is plugged in now, without what the configuration gives to printers and boards. */
export async function lookAround(
  roots: Roots,
  cards: Pick<CardService, 'readers'>,
  config: object,
): Promise<Attached[]> {
  const [plugged, taken] = await Promise.all([lookAtSysfs(roots), configuredNodes(config)]);
  const readers = cards.readers().filter(name => !tokens.test(name));
  return [...plugged.filter(({ node }) => !taken.has(node)), ...readers.map(cardReader)];
}

function cardReader(name: string): Attached {
  // `Maker Model (serial) 00 01`: the last two are the order of plugging and the slot.
  const [, model = name, serial = null] = /^(.*?)(?: \(([\w-]+)\))?(?: \d\d \d\d)?$/.exec(name) ?? [];
  const common = { line: 'pcsc' as const, node: name, port: name, usb: null, usage: null };
  return { ...common, serial, model: model.slice(0, 80), descriptor: new Uint8Array() };
}

/** Device files that stand anywhere in the configuration, by the names that the kernel gives them now. */
async function configuredNodes(config: object): Promise<Set<string>> {
  const named = JSON.stringify(config).match(/"\/dev\/[^"]+"/g) ?? [];
  const paths = named.map(text => JSON.parse(text) as string);
  return new Set(await Promise.all(paths.map(path => realpath(path).catch(() => path))));
}
