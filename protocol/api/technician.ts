import Type, { type Static } from 'typebox';
import type { CardRead, CodeRead } from '../readings.ts';
import type { Text } from '../values.ts';
import type { DevicesView, LinkView } from './box.ts';
import type { ApiError } from './common.ts';

/*
 * What a box says to its technician, and takes from them. All of it needs the technician's log-in, but
 * `GET /api/doctor`, which answers programs on the box itself.
 */

/** How far the box is with a device. */
export type DevicePhase = 'discovered' | 'opening' | 'ready' | 'faulted' | 'lost';

/** `GET /api/technician` → `TechnicianView`; `GET /api/doctor`, from this machine alone, gives the same. */
export interface TechnicianView {
  box: string;
  branch: Text;
  now: string;
  timeZone: string;
  software: string;
  /** Whether the box trusts its clock. */
  clock: 'trusted' | 'untrusted';
  link: LinkView;
  /** What a technician should do something about, the worst first. */
  warnings: WarningView[];
  devices: TechnicianDevice[];
  /** Where a reader or scanner may belong: the windows and `kiosk`. */
  places: string[];
}

/** A registered warning that holds and is old enough to be shown. */
export interface WarningView {
  code: string;
  severity: 'attention' | 'trouble';
  title: Text;
  /** Id of the device, when it is about one. */
  device: string | null;
  since: string;
  error: ApiError;
}

export interface TechnicianDevice {
  id: string;
  kind: DevicesView['devices'][number]['kind'];
  title: Text;
  phase: DevicePhase;
  error: ApiError | null;
  /** How it is plugged in; null for a part of the configuration or of the box itself. */
  plug: PlugView | null;
  /** What it is for; null while nobody said, or when its place is in the configuration. */
  role: RoleView | null;
  tests: TestKind[];
  /** Whether the wire log runs; null for a device without one. */
  wire: boolean | null;
  /** Newest first. */
  events: { at: string; event: DeviceEvent; code: string | null }[];
}

export interface PlugView {
  line: 'serial' | 'hid' | 'keyboard' | 'pcsc';
  /** Port path on the bus, reader name, or name of a built-in port. */
  where: string;
  serial: string | null;
  /** Drivers that this plug can work with, the best first. */
  drivers: { id: string; title: Text }[];
}

export interface RoleView {
  driver: string;
  place: string;
  baudRate: number;
  /** Bytes around a code, as the technician typed them: `\r`, `\x02`. Empty: what is usual. */
  prefix: string;
  suffix: string;
}

/** `PUT /api/technician/devices/{id}/role` → `TechnicianView`; null takes the role away. */
export const RoleWish = Type.Object({
  role: Type.Union([
    Type.Null(),
    Type.Object({
      driver: Type.String({ minLength: 1, maxLength: 64 }),
      place: Type.String({ minLength: 1, maxLength: 8 }),
      baudRate: Type.Optional(Type.Integer({ minimum: 1200, maximum: 921_600 })),
      prefix: Type.Optional(Type.String({ maxLength: 16 })),
      suffix: Type.Optional(Type.String({ maxLength: 16 })),
    }),
  ]),
});
export type RoleWish = Static<typeof RoleWish>;

export type DeviceEvent =
  | 'attached'
  | 'opening'
  | 'ready'
  | 'fault'
  | 'line-lost'
  | 'absent'
  | 'lost'
  | 'back'
  | 'moved'
  | 'role'
  | 'read'
  | 'card-gone'
  | 'garbage';

/**
 * `POST /api/technician/devices/{id}/test` → `TestResult`. A scanner and a reader wait half a minute for a
 * code or card, which then goes to the technician instead of to its place; a token needs its PIN.
 */
export type TestKind = 'print' | 'scan' | 'code' | 'card' | 'sign';
export const TestWish = Type.Object({
  pin: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
});
export type TestResult =
  | { kind: 'printed' }
  | { kind: 'scanned'; sizeBytes: number }
  | { kind: 'read'; read: CodeRead | CardRead }
  | { kind: 'signed'; owner: string; algorithm: string };

/** `PUT /api/technician/devices/{id}/wire` → `WireView`; `GET` of the same address. */
export const WireWish = Type.Object({ on: Type.Boolean() });
export interface WireView {
  on: boolean;
  /** Newest last. Bytes of codes and cards are masked: `02 ·· ·· 0D`. */
  lines: { at: string; direction: 'in' | 'out'; sizeBytes: number; bytes: string }[];
}
