import { randomBytes } from 'node:crypto';
import type { BoxConfig } from '../../device/config/box-config.ts';
import type { StationConfig } from '../../device/station/station-config.ts';
import type { WindowConfig } from '../../device/station/window-config.ts';
import { hashPassword } from '../../platform/login.ts';
import { AppError } from '../../protocol/app-error.ts';

type User = BoxConfig['users'][number];

const newPassword = () => randomBytes(24).toString('base64url');

/** The account of another box; one of the same name gets a new password. */
async function withAccount(
  users: readonly User[],
  login: string,
  role: 'station' | 'spare',
  password: string,
  window: string | null = null,
): Promise<User[]> {
  const known = users.find(user => user.login === login);
  if (known && known.role !== role)
    throw new AppError('setup.bad-configuration', { what: `${login}: ${known.role}` });
  const name = role === 'station' ? `Станция ${login}` : `Устройство ${login}`;
  const account: User = {
    ...{ login, name, post: '', role, window },
    passwordHash: await hashPassword(password),
  };
  return [...users.filter(user => user.login !== login), account];
}

/** What a window's own box may have plugged in, when nobody says something else. */
const usualReaders = [
  { driver: 'card-reader.pcsc' },
  { driver: 'barcode-scanner.hid-pos' },
  { driver: 'barcode-scanner.keyboard' },
  { driver: 'barcode-scanner.serial' },
];

/** The configuration of a window's own box, and the hub's with an account for it. Throws `setup.bad-configuration`. */
export async function addWindow(
  hub: BoxConfig,
  wish: { station: string; window: string; hubUrl: string },
): Promise<{ hub: BoxConfig; window: WindowConfig }> {
  const { station, window, hubUrl } = wish;
  if (!hub.branch.windows.includes(window))
    throw new AppError('setup.bad-configuration', { what: `branch.windows ${window}` });
  const password = newPassword();
  return {
    hub: { ...hub, users: await withAccount(hub.users, station, 'station', password, window) },
    window: {
      station,
      hub: hubOf(hub, station, hubUrl, password),
      readers: usualReaders,
      logLevel: hub.logLevel,
    },
  };
}

const hubOf = (hub: BoxConfig, login: string, url: string, password: string): StationConfig['hub'] => ({
  ...{ url, publicUrl: hub.http.publicUrl || url, login, password },
  ...(hub.pair && { spareUrl: hub.pair.url }),
});

/** A station's configuration, and the hub's with an account for it. */
export async function addStation(
  hub: BoxConfig,
  wish: Pick<StationConfig, 'station' | 'http' | 'ticketPrinter' | 'register'> & { hubUrl: string },
): Promise<{ hub: BoxConfig; station: StationConfig }> {
  const { station, http, ticketPrinter, register, hubUrl } = wish;
  const password = newPassword();
  return {
    hub: { ...hub, users: await withAccount(hub.users, station, 'station', password) },
    station: {
      station,
      branch: { name: hub.branch.name, timeZone: hub.branch.timeZone },
      dataDir: 'data',
      http,
      hub: hubOf(hub, station, hubUrl, password),
      ...{ ticketPrinter, register },
      leaseSize: 20,
      logLevel: hub.logLevel,
    },
  };
}

/**
 * A spare box's configuration, and the hub's that knows of it. Folders, keys and devices of the spare are its own:
 * what stands here are the hub's devices and the places where the keys are expected.
 */
export async function addSpare(
  hub: BoxConfig,
  wish: { box: string; url: string; hubUrl: string; http: BoxConfig['http'] },
): Promise<{ hub: BoxConfig; spare: BoxConfig }> {
  const { box, url, hubUrl, http } = wish;
  if (hub.pair && (hub.pair.box !== box || hub.pair.series !== 0))
    throw new AppError('setup.bad-configuration', { what: `pair ${hub.pair.box}` });
  const [atHub, atSpare] = [newPassword(), newPassword()];
  const users = await withAccount(
    await withAccount(hub.users, box, 'spare', atHub),
    hub.box,
    'spare',
    atSpare,
  );
  const keys = (name: string) => `keys/${name}.pem`;
  return {
    hub: { ...hub, users, pair: { series: 0, box, url, password: atSpare } },
    spare: {
      ...hub,
      box,
      // Case numbers begin with it, and both boxes give them.
      branch: { ...hub.branch, code: `${hub.branch.code}-2` },
      ...{ users, http, dataDir: 'data', incomingDir: 'incoming', register: 'register.json' },
      identity: {
        ...{ ca: keys('ca'), cert: keys('tls'), key: keys('tls-key') },
        ...{ sealCert: keys('seal'), sealKey: keys('seal-key') },
      },
      trust: {
        ...{ clerks: keys('trust-clerks'), boxes: keys('trust-boxes') },
        ...{ officers: keys('trust-officers'), agencySystems: keys('trust-agency-systems') },
      },
      pair: { series: 1, box: hub.box, url: hubUrl, password: atHub },
    },
  };
}
