import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { TlsDoor, withFiles } from '../platform/tls-door.ts';
import { AppError } from '../protocol/app-error.ts';
import { Key, Text } from '../protocol/values.ts';

const Path = Type.String({ minLength: 1 });
const Port = Type.Integer({ minimum: 0, maximum: 65535 });

/** A bucket of an S3-compatible store. */
const S3Store = Type.Object({
  /** Path-style address of the bucket, `https://host:9000/okno`. */
  url: Type.String({ pattern: '^https://[^/?#]+/[a-z0-9.-]+/?$' }),
  region: Type.String(),
  accessKey: Type.String({ minLength: 1 }),
  secretKey: Type.String({ minLength: 1 }),
  /** PEM file of the store's authority; without it, the public ones. */
  ca: Type.Optional(Path),
});

const HttpAddress = Type.String({ pattern: '^https?://' });

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
  /** Content that several centres share; without it, a folder in `dataDir`. */
  blobs: Type.Optional(Type.Union([Type.Object({ dir: Path }), Type.Object({ s3: S3Store })])),
  host: Type.String(),
  ports: Type.Object({ mqtt: Port, content: Port, operator: Port }),
  /** The operators' and citizens' pages over TLS; without it they are only at `ports.operator`, unencrypted. */
  pages: Type.Optional(TlsDoor),
  /** PEM files of the centre's own identity and of the authority of boxes. */
  tls: Type.Object({ ca: Path, cert: Path, key: Path }),
  /** PEM files of the centre's seal, which signs the audit log; without it nobody outside can check that log. */
  seal: Type.Optional(Type.Object({ cert: Path, key: Path })),
  /** Time-stamping authority (RFC 3161) for the audit log, packages and results: its address, and a PEM file of whom to believe. */
  timeStamps: Type.Optional(
    Type.Object({
      url: HttpAddress,
      ca: Path,
      /** How long before its authority's certificate ends a stamp is renewed; 90 days when left out. */
      renewBeforeDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
      /**
       * Stamps that rest on these are renewed at once: names of digests (`sha256`) and of ways in which an
       * authority signs (`rsa-pkcs1-sha256`), as the evidence page shows them.
       */
      weak: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
    }),
  ),
  /**
   * Whether signers were revoked is asked at the addresses in their certificates, and for these authorities (PEM
   * files) besides at theirs. Without it nobody is asked.
   */
  revocation: Type.Optional(
    Type.Object({
      authorities: Type.Array(
        Type.Object({
          certificate: Path,
          lists: Type.Optional(Type.Array(HttpAddress)),
          responders: Type.Optional(Type.Array(HttpAddress)),
        }),
      ),
    }),
  ),
  /** Authorities, PEM files; those of applicants who sign themselves are the clerks' when not named. */
  trust: Type.Object({
    ...{ clerks: Path, boxes: Path, officers: Path, agencySystems: Path },
    applicants: Type.Optional(Path),
  }),
  register: Path,
  /** `spareOf` is the other box of the same branch, whose tickets this one may go on with. */
  boxes: Type.Array(Type.Object({ box: Key, name: Text, spareOf: Type.Optional(Key) })),
  /** PEM files of certificates of boxes that were stolen or lost: nobody with their keys is let in, whatever the name. */
  refused: Type.Optional(Type.Array(Path)),
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
  /** A minute when left out. */
  signAuditEveryMs: Type.Optional(Type.Integer({ minimum: 100 })),
  /** How often evidence that is awaited is asked for; a minute when left out. */
  evidenceEveryMs: Type.Optional(Type.Integer({ minimum: 100 })),
  /** IANA name; legal dates of the region. */
  timeZone: Type.String(),
  operators: Type.Array(
    Type.Object({
      login: Key,
      name: Type.String(),
      post: Type.String(),
      passwordHash: Type.String(),
      /** An operator when left out. */
      role: Type.Optional(Type.Enum(['operator', 'archivist', 'auditor'])),
    }),
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
  function placeOf(blobs: NonNullable<CentreConfig['blobs']>) {
    if ('dir' in blobs) return { dir: absolute(blobs.dir) };
    const { ca, ...s3 } = blobs.s3;
    return { s3: { ...s3, ...(ca !== undefined && { ca: absolute(ca) }) } };
  }
  return {
    ...value,
    dataDir: absolute(value.dataDir),
    ...(value.blobs && { blobs: placeOf(value.blobs) }),
    tls: each(value.tls),
    ...(value.pages && { pages: withFiles(value.pages, absolute) }),
    ...(value.seal && { seal: each(value.seal) }),
    ...(value.timeStamps && {
      timeStamps: { ...value.timeStamps, ca: absolute(value.timeStamps.ca) },
    }),
    ...(value.revocation && {
      revocation: {
        authorities: value.revocation.authorities.map(authority => ({
          ...authority,
          certificate: absolute(authority.certificate),
        })),
      },
    }),
    trust: each(value.trust),
    register: absolute(value.register),
    ...(value.refused && { refused: value.refused.map(absolute) }),
    ...(value.rabbitmq && { rabbitmq: { ...value.rabbitmq, ...identity(value.rabbitmq) } }),
    agencies: value.agencies.map(agency => ({ ...agency, ...identity(agency) })),
  };
}

/** Spare boxes, each with the box whose tickets it may go on with. */
export const sparesOf = ({ boxes }: CentreConfig): Record<string, string> =>
  Object.fromEntries(boxes.flatMap(({ box, spareOf }) => (spareOf === undefined ? [] : [[box, spareOf]])));
