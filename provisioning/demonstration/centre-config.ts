import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CentreConfig } from '../../central/config.ts';
import { writeFileAtomically } from '../../platform/atomic-file.ts';
import { hashPassword } from '../../platform/login.ts';
import { demonstrationBranches, demonstrationTimeZone } from './branches.ts';
import type { Cluster } from './cluster.ts';
import { type OpenedAuthority, openIdentity, type Secrets } from './identities.ts';
import type { PortPlan } from './ports.ts';
import { root } from './programs.ts';

export const demonstrationHost = '127.0.0.1';
export const demonstrationRegister = join(root, 'provisioning/demonstration/register.json');

/** Of a centre as a server to boxes, as a client of agencies and brokers, and its seal. */
export async function centreIdentities(
  dir: string,
  { authority }: OpenedAuthority,
  { authority: seals }: OpenedAuthority,
) {
  const keys = join(dir, 'centre/keys');
  const names = ['localhost', '127.0.0.1'];
  const server = { commonName: 'centre', usage: 'tls-server' as const, names };
  const client = { commonName: 'centre', usage: 'tls-client' as const };
  return {
    server: await openIdentity(authority, keys, 'server', server),
    client: await openIdentity(authority, keys, 'client', client),
    seal: await openIdentity(seals, keys, 'seal', { commonName: 'centre', usage: 'signing' }),
  };
}

/** Two archivists, since acts of the archive need two people. */
const demonstrationPeople = [
  { login: 'operator', name: 'Диспетчеров Лев Примерович', post: 'Оператор региона' },
  { login: 'archivist', name: 'Архивова Анна Примеровна', post: 'Заведующая архивом', role: 'archivist' },
  { login: 'archivist-2', name: 'Хранилов Борис Тестович', post: 'Архивариус', role: 'archivist' },
  { login: 'auditor', name: 'Проверкина Ирина Образцовна', post: 'Аудитор', role: 'auditor' },
] as const;

interface CentreParts {
  dir: string;
  ports: Pick<PortPlan, 'mqtt' | 'content' | 'operator'>;
  secrets: Secrets;
  network: OpenedAuthority;
  identities: Awaited<ReturnType<typeof centreIdentities>>;
  cluster: Cluster | undefined;
  trust: CentreConfig['trust'];
  agencyFiles: { url: string; caFile: string; officerCaFile: string };
  stamps: NonNullable<CentreConfig['timeStamps']>;
  authorities: NonNullable<CentreConfig['revocation']>['authorities'];
}

/** Writes the configuration of one of the demonstration's centres and answers with its path. */
export async function writeCentreConfig(name: string, parts: CentreParts): Promise<string> {
  const { dir, ports, network, trust, agencyFiles, identities } = parts;
  const centreDir = join(dir, name);
  const register = JSON.parse(await readFile(demonstrationRegister, 'utf8')) as {
    agencies: { id: string }[];
  };
  const passwordHash = await hashPassword(parts.secrets.password);
  const config: CentreConfig = {
    dataDir: join(centreDir, 'data'),
    ...parts.cluster?.shared,
    host: demonstrationHost,
    ports: { mqtt: ports.mqtt, content: ports.content, operator: ports.operator },
    tls: { ca: network.path, ...identities.server },
    seal: identities.seal,
    signAuditEveryMs: 1000,
    timeStamps: parts.stamps,
    revocation: { authorities: parts.authorities },
    evidenceEveryMs: 1000,
    trust,
    register: demonstrationRegister,
    boxes: demonstrationBranches.map(({ box, name }) => ({ box, name })),
    agencies: register.agencies.map(({ id }) => ({
      agencyId: id,
      url: `${agencyFiles.url}/${id}`,
      ca: agencyFiles.caFile,
      ...identities.client,
    })),
    pollAgenciesMs: 500,
    timeZone: demonstrationTimeZone,
    operators: demonstrationPeople.map(person => ({ ...person, passwordHash })),
    logLevel: 'info',
  };
  const path = join(centreDir, 'centre.json');
  await writeFileAtomically(path, JSON.stringify(config, null, 2));
  return path;
}
