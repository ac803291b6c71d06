import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CentreConfig } from '../../central/config.ts';
import { writeFileAtomically } from '../../platform/atomic-file.ts';
import { hashPassword } from '../../platform/login.ts';
import { demonstrationBranches, demonstrationTimeZone } from './branches.ts';
import { type OpenedAuthority, openIdentity, type Secrets } from './identities.ts';
import type { PortPlan } from './ports.ts';
import { root } from './programs.ts';

export const demonstrationHost = '127.0.0.1';
export const demonstrationRegister = join(root, 'provisioning/demonstration/register.json');

/** Writes the configuration of the demonstration's centre and answers with its path. */
export async function writeCentreConfig(parts: {
  dir: string;
  ports: PortPlan;
  secrets: Secrets;
  network: OpenedAuthority;
  trust: CentreConfig['trust'];
  agencyFiles: { url: string; caFile: string; officerCaFile: string };
}): Promise<string> {
  const { dir, ports, network, trust, agencyFiles } = parts;
  const centreDir = join(dir, 'centre');
  const keys = join(centreDir, 'keys');
  const server = await openIdentity(network.authority, keys, 'server', {
    commonName: 'centre',
    usage: 'tls-server',
    names: ['localhost', '127.0.0.1'],
  });
  const client = await openIdentity(network.authority, keys, 'client', {
    commonName: 'centre',
    usage: 'tls-client',
  });
  const register = JSON.parse(await readFile(demonstrationRegister, 'utf8')) as {
    agencies: { id: string }[];
  };
  const config: CentreConfig = {
    dataDir: join(centreDir, 'data'),
    host: demonstrationHost,
    ports: { mqtt: ports.mqtt, content: ports.content, operator: ports.operator },
    tls: { ca: network.path, ...server },
    trust,
    register: demonstrationRegister,
    boxes: demonstrationBranches.map(({ box, name }) => ({ box, name })),
    agencies: register.agencies.map(({ id }) => ({
      agencyId: id,
      url: `${agencyFiles.url}/${id}`,
      ca: agencyFiles.caFile,
      ...client,
    })),
    pollAgenciesMs: 500,
    timeZone: demonstrationTimeZone,
    operators: [
      {
        login: 'operator',
        name: 'Диспетчеров Лев Примерович',
        post: 'Оператор региона',
        passwordHash: await hashPassword(parts.secrets.password),
      },
    ],
    logLevel: 'info',
  };
  const path = join(centreDir, 'centre.json');
  await writeFileAtomically(path, JSON.stringify(config, null, 2));
  return path;
}
