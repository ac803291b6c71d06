import type { Clock } from '../../platform/clock.ts';
import { apiError } from '../../platform/http.ts';
import type { LinkView } from '../../protocol/api/box.ts';
import type {
  RoleWish,
  TechnicianDevice,
  TechnicianView,
  TestKind,
  WireView,
} from '../../protocol/api/technician.ts';
import { AppError } from '../../protocol/app-error.ts';
import { type ErrorCode, isErrorCode } from '../../protocol/errors.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { DeviceView, Health } from '../peripherals/health.ts';
import type { Readers } from '../peripherals/open-readers.ts';
import { drivers, driversFor } from '../peripherals/registry.ts';
import type { SupervisedDevice } from '../peripherals/supervised-device.ts';
import { type Condition, createWarnings } from '../peripherals/warnings.ts';
import type { WireLog } from '../peripherals/wire-log.ts';

export interface TechnicianDesk {
  view(): TechnicianView;
  /** Plugged devices with a role at a place, or at any: for the strip of a clerk's page. */
  plugged(place: string | null): DeviceView[];
  /** Throws `device.bad-role`, `internal.not-found`. */
  assign(id: string, wish: RoleWish): Promise<void>;
  /** Throws `internal.not-found` for a device without a wire log. */
  wire(id: string): WireView;
  turnWire(id: string, on: boolean): WireView;
}

/** The strip of a clerk's page is narrow, and a window has one of each. */
const shortTitles = {
  cards: { ru: 'Считыватель карт', en: 'Card reader' },
  codes: { ru: 'Сканер кодов', en: 'Code scanner' },
};

const testsOf: Partial<Record<TechnicianDevice['kind'], TestKind[]>> = {
  'ticket-printer': ['print'],
  'document-scanner': ['scan'],
  token: ['sign'],
};

/** Gathers what a technician looks at from those who own it. */
export function createTechnicianDesk(parts: {
  config: BoxConfig;
  software: string;
  clock: Clock;
  clockQuality: () => TechnicianView['clock'];
  link: () => LinkView;
  health: Health;
  readers: Readers;
  /** Wire logs of devices that are configured, by id. */
  wires: ReadonlyMap<string, WireLog>;
  /** What else is wrong with the box. */
  conditions: () => Condition[];
}): TechnicianDesk {
  const { config, software, clock, clockQuality, link, health, readers, wires } = parts;
  const { supervisor } = readers;
  const warnings = createWarnings(clock);
  const places = [...config.branch.windows, 'kiosk'];

  /** What is wrong with a plugged device, as people should hear it. */
  function codeOf({ attached, role, state }: SupervisedDevice): ErrorCode | null {
    if (attached.line === 'pcsc' && readers.lacksCardService()) return 'reader.service-down';
    if (state.code !== null) return state.code;
    // A keyboard without a role is somebody's keyboard, and a port on the board may well be empty.
    const wantsRole = attached.usb !== null && attached.line !== 'keyboard';
    const isFound = state.phase === 'discovered' || state.phase === 'ready';
    return role === null && isFound && (wantsRole || attached.line === 'pcsc') ? 'device.no-role' : null;
  }

  const titleOf = ({ driver, attached }: SupervisedDevice) => {
    const { model } = attached;
    if (!driver && attached.usb === null) return { ru: `Порт ${model}`, en: `Port ${model}` };
    return driver
      ? { ru: `${driver.title.ru}: ${model}`, en: `${driver.title.en}: ${model}` }
      : { ru: model, en: model };
  };

  function plug(device: SupervisedDevice): TechnicianDevice {
    const { attached, driver, role, state } = device;
    const code = codeOf(device);
    const offered = driversFor(drivers, attached).map(({ driver: { id, title } }) => ({ id, title }));
    const kind = driver?.kind ?? 'barcode-scanner';
    return {
      ...{ id: device.id, kind, title: titleOf(device), phase: state.phase, role },
      error: code && apiError(code, device.details),
      plug: { line: attached.line, where: attached.port, serial: attached.serial, drivers: offered },
      tests: state.phase === 'ready' ? [kind === 'card-reader' ? 'card' : 'code'] : [],
      wire: device.wire.view().on,
      events: device.events,
    };
  }

  function part(view: DeviceView): TechnicianDevice {
    return {
      ...{ id: view.id, kind: view.kind, title: view.title, error: view.error },
      phase: view.state === 'ready' ? 'ready' : 'faulted',
      ...{ plug: null, role: null },
      tests: testsOf[view.kind] ?? [],
      wire: wires.get(view.id)?.view().on ?? null,
      events: health.eventsOf(view.id),
    };
  }

  function conditions(devices: readonly TechnicianDevice[], line: LinkView): Condition[] {
    const wrong = devices.flatMap(({ id, title, error }): Condition[] =>
      error && isErrorCode(error.code) && error.code !== 'reader.service-down'
        ? [{ code: error.code, details: detailsOf(error), device: { id, title } }]
        : [],
    );
    if (readers.lacksCardService()) wrong.push({ code: 'reader.service-down', details: {}, device: null });
    if (line.error && isErrorCode(line.error.code))
      wrong.push({ code: line.error.code, details: detailsOf(line.error), device: null });
    return [...wrong, ...parts.conditions()];
  }

  function wireOf(id: string): WireLog {
    const wire = wires.get(id) ?? supervisor.find(id)?.wire;
    if (!wire) throw new AppError('internal.not-found');
    return wire;
  }

  return {
    view() {
      const devices = [...health.view().map(part), ...supervisor.devices().map(plug)];
      const line = link();
      return {
        ...{ box: config.box, branch: config.branch.name, software, devices, places, link: line },
        now: clock.now().toISOString(),
        timeZone: config.branch.timeZone,
        clock: clockQuality(),
        warnings: warnings.view(conditions(devices, line)),
      };
    },
    plugged: place =>
      supervisor
        .devices()
        .filter(({ role }) => role !== null && (place === null || role.place === place))
        .map(device => {
          const { id, kind, phase, error } = plug(device);
          const title = kind === 'card-reader' ? shortTitles.cards : shortTitles.codes;
          const isWell = error === null && phase !== 'lost';
          const isMended = error?.code.startsWith('card.') ?? false;
          return { id, kind, title, state: isWell ? 'ready' : isMended ? 'attention' : 'trouble', error };
        }),
    async assign(id, { role }) {
      if (role && !places.includes(role.place)) throw new AppError('device.bad-role', { what: role.place });
      await supervisor.assign(id, role);
    },
    wire: id => wireOf(id).view(),
    turnWire(id, on) {
      const wire = wireOf(id);
      wire.turn(on);
      return wire.view();
    },
  };
}

const detailsOf = ({ details }: { details: Record<string, unknown> }) => details as Condition['details'];
