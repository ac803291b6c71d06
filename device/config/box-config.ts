import { dirname, resolve } from 'node:path';
import { Low } from 'lowdb';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { TlsDoor, withFiles } from '../../platform/tls-door.ts';
import { AppError } from '../../protocol/app-error.ts';
import { HallRules, usualHallRules } from '../../protocol/hall-rules.ts';
import { Key, Text } from '../../protocol/values.ts';
import { configFile } from './config-file.ts';
import { PairConfig } from './pair-config.ts';
import { ScannerConfig } from './scanner-config.ts';
import { ScreensConfig } from './screens-config.ts';

const Path = Type.String({ minLength: 1 });
const Port = Type.Integer({ minimum: 0, maximum: 65535 });

const Token = Type.Object({
  profile: Key,
  modulePath: Path,
  /** Any token when it is left out. */
  label: Type.Optional(Type.String()),
  /** When the branch has several tokens of one label. */
  serial: Type.Optional(Type.String()),
  env: Type.Record(Type.String(), Type.String()),
  /** How long a clerk need not type the PIN again; 0, the default, asks for every package. */
  keepPinMinutes: Type.Optional(Type.Integer({ minimum: 0, maximum: 480 })),
});

/** What a box is told when it is put into service. Paths are relative to the file. */
export const BoxConfig = Type.Object({
  box: Key,
  branch: Type.Object({
    name: Text,
    address: Text,
    /** Begins every case number. */
    code: Type.String({ minLength: 1, maxLength: 20 }),
    /** IANA name; Russia has eleven zones. */
    timeZone: Type.String(),
    windows: Type.Array(Type.String({ minLength: 1, maxLength: 8 }), { minItems: 1 }),
    /** The legal norm of waiting, in minutes. */
    normMinutes: Type.Integer({ minimum: 1 }),
  }),
  /** Rules of the hall that differ from the usual ones. */
  hall: Type.Optional(Type.Partial(Type.Omit(HallRules, ['normMinutes']))),
  dataDir: Path,
  http: Type.Object({
    host: Type.String(),
    port: Port,
    /** Address by which phones in the hall reach the box; empty: the address it listens on. */
    publicUrl: Type.String(),
    /** The same pages for the branch's network; `host` is then this machine alone. */
    tls: Type.Optional(TlsDoor),
  }),
  centre: Type.Object({ mqttUrl: Type.String(), contentUrl: Type.String() }),
  /** PEM: authority of the centre, the box's TLS identity and the key that seals packages. */
  identity: Type.Object({ ca: Path, cert: Path, key: Path, sealCert: Path, sealKey: Path }),
  /** Authorities, PEM files; those of applicants are the clerks' when not named. */
  trust: Type.Object({
    ...{ clerks: Path, boxes: Path, officers: Path, agencySystems: Path },
    applicants: Type.Optional(Path),
  }),
  /** The register as it was when the box was put into service; a newer one comes from the centre. */
  register: Path,
  ticketPrinter: Type.Union([
    Type.Object({ line: Type.Literal('tcp'), host: Type.String(), port: Port, model: Type.String() }),
    Type.Object({
      line: Type.Literal('serial'),
      path: Type.String(),
      baudRate: Type.Integer({ minimum: 1200 }),
      model: Type.String(),
      /** When the cable differs from what the model wants: three wires carry no flow control. */
      flowControl: Type.Optional(Type.Union([Type.Literal('rts-cts'), Type.Literal('none')])),
    }),
    /** The only USB ticket printer there is, or the one at a socket or with a serial number. */
    Type.Object({
      line: Type.Literal('usb'),
      /** As sysfs names it: `1-2.4:1.0`. */
      port: Type.Optional(Type.String()),
      serial: Type.Optional(Type.String()),
      model: Type.String(),
    }),
  ]),
  /** Plates and buttons at windows (docs/CALL-BOARDS.md). */
  callBoards: Type.Optional(
    Type.Object({
      line: Type.Union([
        Type.Object({ line: Type.Literal('serial'), path: Path, baudRate: Type.Integer({ minimum: 1200 }) }),
        Type.Object({ line: Type.Literal('tcp'), host: Type.String(), port: Port }),
      ]),
      boards: Type.Array(
        Type.Object({ window: Type.String(), address: Type.Integer({ minimum: 1, maximum: 254 }) }),
      ),
    }),
  ),
  scanners: Type.Array(ScannerConfig),
  /** Folder that multi-function printers write into. */
  incomingDir: Path,
  a4Printer: Type.Union([
    Type.Object({ kind: Type.Literal('ipp'), url: Type.String() }),
    Type.Object({ kind: Type.Literal('file'), dir: Path }),
  ]),
  token: Token,
  /** A second reader at the window, for the card of an applicant who signs too (KEM-19). */
  applicantToken: Type.Optional(Token),
  users: Type.Array(
    Type.Object({
      login: Key,
      name: Type.String(),
      post: Type.String(),
      role: Type.Union([
        Type.Literal('clerk'),
        Type.Literal('technician'),
        Type.Literal('hall'),
        Type.Literal('station'),
        Type.Literal('spare'),
      ]),
      window: Type.Union([Type.String(), Type.Null()]),
      passwordHash: Type.String(),
    }),
  ),
  screens: Type.Optional(ScreensConfig),
  /** The other box of a branch that has a spare one; `okno spare write` makes both ends (docs/MULTI-BOX.md). */
  pair: Type.Optional(PairConfig),
  /** Below this much free disk no documents are taken; tickets still are. */
  minFreeBytes: Type.Integer({ minimum: 0 }),
  logLevel: Type.String(),
});
export type BoxConfig = Static<typeof BoxConfig>;

/** The rules that the hall works by. */
export function hallRulesOf({ branch, hall }: Pick<BoxConfig, 'branch' | 'hall'>): HallRules {
  return { ...usualHallRules, ...hall, normMinutes: branch.normMinutes };
}

const shape = Compile(BoxConfig);
const open = (path: string) =>
  new Low<BoxConfig | null>(
    configFile(path, (value): value is BoxConfig => shape.Check(value)),
    null,
  );

/** Reads the file and makes its paths absolute. Throws `setup.bad-configuration`. */
export async function readBoxConfig(path: string): Promise<BoxConfig> {
  const store = open(path);
  await store.read();
  if (!store.data) throw new AppError('setup.bad-configuration', { what: path });
  const config = store.data;
  if (!isTimeZone(config.branch.timeZone))
    throw new AppError('setup.bad-configuration', { what: `branch.timeZone ${config.branch.timeZone}` });
  const base = dirname(resolve(path));
  const absolute = (relative: string) => resolve(base, relative);
  const each = <T extends Record<string, string>>(paths: T) =>
    Object.fromEntries(Object.entries(paths).map(([name, value]) => [name, absolute(value)])) as T;
  return {
    ...config,
    dataDir: absolute(config.dataDir),
    http: {
      ...config.http,
      ...(config.http.tls && { tls: withFiles(config.http.tls, absolute) }),
    },
    identity: each(config.identity),
    trust: each(config.trust),
    register: absolute(config.register),
    incomingDir: absolute(config.incomingDir),
    a4Printer:
      config.a4Printer.kind === 'file'
        ? { kind: 'file', dir: absolute(config.a4Printer.dir) }
        : config.a4Printer,
    ...(config.screens?.mediaDir && {
      screens: { ...config.screens, mediaDir: absolute(config.screens.mediaDir) },
    }),
    scanners: config.scanners.map(scanner =>
      scanner.driver !== 'escl' && scanner.configDir
        ? { ...scanner, configDir: absolute(scanner.configDir) }
        : scanner,
    ),
  };
}

/** Changes the file as it is, its paths included. Throws `setup.bad-configuration`. */
export async function updateBoxConfig(
  path: string,
  change: (config: BoxConfig) => BoxConfig | Promise<BoxConfig>,
): Promise<void> {
  const store = open(path);
  await store.read();
  if (!store.data) throw new AppError('setup.bad-configuration', { what: path });
  await writeBoxConfig(path, await change(store.data));
}

/** Writes a box's configuration so that a power cut leaves the old or the new one. */
export async function writeBoxConfig(path: string, config: BoxConfig): Promise<void> {
  if (!shape.Check(config)) {
    const [first] = shape.Errors(config);
    throw new AppError('setup.bad-configuration', { what: `${first?.instancePath} ${first?.message}` });
  }
  const store = open(path);
  store.data = config;
  await store.write();
}

/** Without a real zone no ticket could be numbered (F09). */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
