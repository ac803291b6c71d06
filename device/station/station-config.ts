import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { AppError } from '../../protocol/app-error.ts';
import { Key, Text } from '../../protocol/values.ts';
import { BoxConfig } from '../config/box-config.ts';

const Path = Type.String({ minLength: 1 });

/** What a station is told when it is put into service. Paths are relative to the file. */
export const StationConfig = Type.Object({
  station: Key,
  branch: Type.Object({ name: Text, timeZone: Type.String() }),
  dataDir: Path,
  http: Type.Object({ host: Type.String(), port: Type.Integer({ minimum: 0, maximum: 65535 }) }),
  /**
   * The hub of the branch, and the station's log-in there (role `station`); phones reach the hub at `publicUrl`.
   * `spareUrl` is the other box of a branch that has one: whichever took over last is followed.
   */
  hub: Type.Object({
    ...{ url: Type.String(), publicUrl: Type.String(), login: Key, password: Type.String() },
    spareUrl: Type.Optional(Type.String()),
  }),
  ticketPrinter: BoxConfig.properties.ticketPrinter,
  /** The register as it was when the station was put into service, until the hub gave a newer one. */
  register: Path,
  /** Numbers of each letter that are leased at once. */
  leaseSize: Type.Integer({ minimum: 2, maximum: 100 }),
  logLevel: Type.String(),
});
export type StationConfig = Static<typeof StationConfig>;

const shape = Compile(StationConfig);

/** Reads the file and makes its paths absolute. Throws `setup.bad-configuration`. */
export async function readStationConfig(path: string): Promise<StationConfig> {
  const value: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (!shape.Check(value)) {
    const [first] = shape.Errors(value);
    throw new AppError('setup.bad-configuration', { what: `${first?.instancePath} ${first?.message}` });
  }
  const absolute = (relative: string) => resolve(dirname(resolve(path)), relative);
  return { ...value, dataDir: absolute(value.dataDir), register: absolute(value.register) };
}
