import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { AppError } from '../protocol/app-error.ts';
import { Key, Text } from '../protocol/values.ts';

const Path = Type.String({ minLength: 1 });
const Port = Type.Integer({ minimum: 0, maximum: 65535 });

/** The centre's configuration file. Paths are relative to the file. */
export const CentreConfig = Type.Object({
  dataDir: Path,
  /** `postgres://…`; without it the database is a file in `dataDir`. */
  database: Type.Optional(Type.String({ pattern: '^postgres(ql)?://' })),
  /** Nodes of a RabbitMQ cluster that boxes connect to; without it, boxes connect to this process. */
  rabbitmq: Type.Optional(
    Type.Object({
      urls: Type.Array(Type.String({ pattern: '^amqps://' }), { minItems: 1 }),
      /** PEM files of the authority of the brokers, and of our client identity. */
      ca: Path,
      cert: Path,
      key: Path,
    }),
  ),
  /** Folder of content that several centres share; without it, one in `dataDir`. */
  blobsDir: Type.Optional(Path),
  host: Type.String(),
  ports: Type.Object({ mqtt: Port, content: Port, operator: Port }),
  /** PEM files of the centre's own identity and of the authority of boxes. */
  tls: Type.Object({ ca: Path, cert: Path, key: Path }),
  trust: Type.Object({ clerks: Path, boxes: Path, officers: Path, agencySystems: Path }),
  register: Path,
  boxes: Type.Array(Type.Object({ box: Key, name: Text })),
  agencies: Type.Array(
    Type.Object({
      agencyId: Key,
      url: Type.String(),
      /** PEM file of the authority of the agency's server, and our client identity. */
      ca: Path,
      cert: Path,
      key: Path,
    }),
  ),
  pollAgenciesMs: Type.Integer({ minimum: 50 }),
  /** IANA name; legal dates of the region. */
  timeZone: Type.String(),
  operators: Type.Array(
    Type.Object({ login: Key, name: Type.String(), post: Type.String(), passwordHash: Type.String() }),
  ),
  logLevel: Type.String(),
});
export type CentreConfig = Static<typeof CentreConfig>;

const shape = Compile(CentreConfig);

/** Reads the file and makes its paths absolute. Throws `setup.bad-configuration`. */
export async function readCentreConfig(path: string): Promise<CentreConfig> {
  const value: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (!shape.Check(value)) {
    const [first] = shape.Errors(value);
    throw new AppError('setup.bad-configuration', {
      what: `${path} ${first?.instancePath} ${first?.message}`,
    });
  }
  const base = dirname(resolve(path));
  const absolute = (relative: string) => resolve(base, relative);
  const each = <T extends Record<string, string>>(paths: T) =>
    Object.fromEntries(Object.entries(paths).map(([name, value]) => [name, absolute(value)])) as T;
  const identity = ({ ca, cert, key }: Record<'ca' | 'cert' | 'key', string>) => each({ ca, cert, key });
  return {
    ...value,
    dataDir: absolute(value.dataDir),
    ...(value.blobsDir !== undefined && { blobsDir: absolute(value.blobsDir) }),
    tls: each(value.tls),
    trust: each(value.trust),
    register: absolute(value.register),
    ...(value.rabbitmq && { rabbitmq: { ...value.rabbitmq, ...identity(value.rabbitmq) } }),
    agencies: value.agencies.map(agency => ({ ...agency, ...identity(agency) })),
  };
}
