import { createHash } from 'node:crypto';
import type { RoleView, RoleWish } from '../../protocol/api/technician.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { CardRead, CodeRead, Reading } from '../../protocol/readings.ts';
import type { Attached } from './discovery/attached.ts';
import { type KnownDevice, matchDevices } from './discovery/match-devices.ts';
import { type Driver, sureScore } from './driver.ts';
import { driversFor } from './registry.ts';
import type { KeptRole, RoleStore } from './roles.ts';
import { type DeviceWorld, SupervisedDevice } from './supervised-device.ts';

export interface Supervisor {
  devices(): SupervisedDevice[];
  find(id: string): SupervisedDevice | undefined;
  /** Gives, changes or, with null, takes a role away. Throws `internal.not-found`, `device.bad-role`. */
  assign(id: string, wish: RoleWish['role']): Promise<void>;
  /** The next thing that this device reads; it goes nowhere else. Throws `device.nothing-read`, `device.cannot-test`. */
  nextReading(id: string, withinMs: number): Promise<CodeRead | CardRead>;
  /** Looks at once; overlapping looks are one. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

const usualTiming = {
  /** Between looks when nothing is told of hot-plug: what a technician waits for at worst. */
  lookEveryMs: 3_000,
  /** Between looks while a known device is absent, so that three make a loss within seconds. */
  missEveryMs: 1_000,
};

/**
 * Keeps every hot-plugged device alive: finds it, tells which one it is, opens it with its driver, opens it again
 * after whatever people do to cables. Each device waits for itself alone. `lookAround` lists what is attached now.
 */
export function startSupervisor(parts: {
  lookAround(): Promise<Attached[]>;
  watch(onNews: () => void): () => void;
  drivers: readonly Driver[];
  roles: RoleStore;
  world: Pick<DeviceWorld, 'clock' | 'log' | 'openLine' | 'holdersOf'>;
  onReading(reading: Reading): void;
  onChange(): void;
  timing?: typeof usualTiming;
  backOffMs?: DeviceWorld['backOffMs'];
}): Supervisor {
  const { drivers, roles, onReading, onChange, timing = usualTiming } = parts;
  const devices = new Map<string, SupervisedDevice>();
  const testers = new Map<string, (read: CodeRead | CardRead) => void>();
  let stopped = false;
  let looking: Promise<void> | undefined;
  let again = false;
  let next: NodeJS.Timeout | undefined;

  const world: DeviceWorld = {
    ...parts.world,
    onChange,
    backOffMs: parts.backOffMs ?? { first: 250, longest: 10_000 },
    onLineGone: () => void look(),
    onRead(device, read) {
      const tester = testers.get(device.id);
      if (tester) return tester(read);
      // Where nobody has said a place, nobody listens.
      if (device.role) onReading({ device: device.id, place: device.role.place, read });
    },
  };

  for (const role of roles.all()) {
    const attached: Attached = { ...role.device, node: '', usage: null, descriptor: new Uint8Array() };
    const device = new SupervisedDevice(role.id, attached, world);
    take(device, role);
    devices.set(role.id, device);
  }

  function take(device: SupervisedDevice, role: RoleView | null): void {
    device.role = role && {
      driver: role.driver,
      place: role.place,
      baudRate: role.baudRate,
      prefix: role.prefix,
      suffix: role.suffix,
    };
    const wanted = drivers.find(({ id }) => id === role?.driver);
    const [best] = driversFor(drivers, device.attached);
    device.driver = wanted ?? (best && best.score >= sureScore ? best.driver : null);
  }

  function newId(one: Attached): string {
    const { line, port, usb, serial, model } = one;
    const base = createHash('sha256')
      .update(JSON.stringify([line, port, usb, serial, model]))
      .digest('hex')
      .slice(0, 10);
    for (let number = 0; ; number++) {
      const id = number === 0 ? base : `${base}-${number}`;
      if (!devices.has(id)) return id;
    }
  }

  async function lookOnce(): Promise<void> {
    const attached = await parts.lookAround();
    if (stopped) return;
    const known = [...devices.values()].map(
      ({ id, attached: was, role }): KnownDevice => ({ ...was, id, hasRole: role !== null }),
    );
    const { same, newcomers, missing } = matchDevices(known, attached);
    let moved = false;
    const work: Promise<void>[] = [];
    for (const { id, attached: one, moved: isMoved } of same) {
      const device = devices.get(id);
      if (!device) continue;
      if (isMoved) device.note('moved');
      else if (device.state.misses > 0) device.note('back');
      moved ||= isMoved;
      work.push(device.present(one));
    }
    for (const one of newcomers) {
      const device = new SupervisedDevice(newId(one), one, world);
      devices.set(device.id, device);
      device.note('attached');
      take(device, null);
      onChange();
      work.push(device.present(one));
    }
    for (const id of missing) {
      const device = devices.get(id);
      if (device) work.push(leave(device));
    }
    // A device that hangs while it opens must not hold up the next look.
    for (const one of work)
      void one.catch((error: unknown) =>
        world.log.error({ err: error }, 'a device could not be opened or closed'),
      );
    if (moved) await saveRoles();
  }

  async function leave(device: SupervisedDevice): Promise<void> {
    await device.absent();
    if (device.state.phase === 'lost' && !device.role && devices.delete(device.id)) onChange();
  }

  function look(): Promise<void> {
    again = looking !== undefined;
    looking ??= (async () => {
      do {
        again = false;
        clearTimeout(next);
        await lookOnce().catch((error: unknown) => {
          world.log.error({ err: error }, 'devices could not be looked for');
        });
      } while (again && !stopped);
      looking = undefined;
      const isMissing = [...devices.values()].some(({ state }) => state.misses > 0 && state.phase !== 'lost');
      if (stopped) return;
      next = setTimeout(() => void look(), isMissing ? timing.missEveryMs : timing.lookEveryMs);
      next.unref();
    })();
    return looking;
  }

  async function saveRoles(): Promise<void> {
    const kept = [...devices.values()].flatMap(({ id, role, attached }): KeptRole[] => {
      const { line, port, usb, serial, model } = attached;
      return role ? [{ ...role, id, device: { line, port, usb, serial, model } }] : [];
    });
    await roles.save(kept);
  }

  function get(id: string): SupervisedDevice {
    const device = devices.get(id);
    if (!device) throw new AppError('internal.not-found');
    return device;
  }

  const unwatch = parts.watch(() => void look());
  void look();

  return {
    devices: () => [...devices.values()],
    find: id => devices.get(id),
    look,
    async assign(id, wish) {
      const device = get(id);
      const isOffered = driversFor(drivers, device.attached).some(({ driver }) => driver.id === wish?.driver);
      // A device that is away offers nothing; it may still change its place.
      if (wish && !isOffered && wish.driver !== device.role?.driver)
        throw new AppError('device.bad-role', { what: wish.driver });
      const { baudRate = 9600, prefix = '', suffix = '' } = wish ?? {};
      take(device, wish && { driver: wish.driver, place: wish.place, baudRate, prefix, suffix });
      await saveRoles();
      device.note('role');
      await device.close();
      onChange();
      if (!device.role && device.state.phase === 'lost') devices.delete(id);
      else if (device.state.misses === 0) void device.present(device.attached);
    },
    async nextReading(id, withinMs) {
      const device = get(id);
      if (device.state.phase !== 'ready' || testers.has(id)) throw new AppError('device.cannot-test');
      const { promise, resolve, reject } = Promise.withResolvers<CodeRead | CardRead>();
      testers.set(id, read => {
        // The card that lay there before is taken away first.
        if (read.kind !== 'card-gone') resolve(read);
      });
      const timer = setTimeout(
        () => reject(new AppError('device.nothing-read' satisfies ErrorCode)),
        withinMs,
      );
      try {
        return await promise;
      } finally {
        clearTimeout(timer);
        testers.delete(id);
      }
    },
    async stop() {
      stopped = true;
      clearTimeout(next);
      unwatch();
      await looking;
      await Promise.all([...devices.values()].map(device => device.close()));
    },
  };
}
