import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../../platform/atomic-file.ts';
import type { Clock } from '../../../platform/clock.ts';
import {
  type Authority,
  createAuthority,
  importAuthority,
} from '../../../provisioning/certificates/authority.ts';

export interface Signatory {
  certificate: Uint8Array;
  /** PEM of the same certificate. */
  certificatePem: string;
  key: KeyObject;
}

/** Who the agency's system is: its own authorities, its server's key, its officers. All kept in a folder. */
export interface Identity {
  /** PEM of the authority behind the server's certificate. */
  tlsCa: string;
  tls: { cert: string; key: string };
  /** PEM of the authority behind the officers' and the system's signatures. */
  officerCa: string;
  /** Key of the system itself: signs the containers. */
  system(): Promise<Signatory>;
  officer(agencyId: string, organisation: string): Promise<Signatory>;
  /** A person of the same name whose certificate comes from an authority that nobody knows. */
  impostor(agencyId: string, organisation: string): Promise<Signatory>;
}

interface Pair {
  certificate: string;
  privateKey: string;
}

const post = 'Заместитель начальника управления';
/** Invented, and meant to be seen as such. */
const officers = [
  'Образцова Вера Примеровна',
  'Примеров Пётр Образцович',
  'Вымыслова Анна Тестовна',
  'Условный Иван Примерович',
  'Пробная Ольга Макетовна',
  'Макетов Семён Условнович',
];
const tenYearsDays = 3650;

/** Opens the identity in a folder; makes what is missing, so that a second start has the same keys. */
export async function openIdentity(folder: string, names: string[], clock: Clock): Promise<Identity> {
  const notBefore = new Date(clock.now().getTime() - 86_400_000);
  const tlsAuthority = await authority(join(folder, 'tls-authority.json'), () =>
    createAuthority('Центр сертификации системы ведомств (имитатор)'),
  );
  const signingAuthority = await authority(join(folder, 'signing-authority.json'), () =>
    createAuthority('Удостоверяющий центр ведомств (имитатор)', { days: tenYearsDays, notBefore }),
  );
  const server = await kept(join(folder, `tls-server-${names.join(',')}.json`), () =>
    tlsAuthority.issue({
      commonName: names[0] ?? 'localhost',
      usage: 'tls-server',
      names,
      days: tenYearsDays,
    }),
  );
  const issue = (from: Authority, commonName: string, organisation: string, title?: string) =>
    from.issue({
      commonName,
      organisation,
      ...(title ? { title } : {}),
      usage: 'signing',
      days: tenYearsDays - 2,
      notBefore,
    });

  return {
    tlsCa: tlsAuthority.certificate,
    tls: { cert: server.certificate, key: server.privateKey },
    officerCa: signingAuthority.certificate,
    system: async () =>
      signatory(
        await kept(join(folder, 'system.json'), () =>
          issue(signingAuthority, 'Система обмена ведомств (имитатор)', 'Имитатор системы ведомств'),
        ),
      ),
    officer: async (agencyId, organisation) =>
      signatory(
        await kept(join(folder, `officer-${agencyId}.json`), () =>
          issue(signingAuthority, officerName(agencyId), organisation, post),
        ),
      ),
    impostor: async (agencyId, organisation) => {
      const stranger = await createAuthority('Посторонний удостоверяющий центр', { days: 365, notBefore });
      const own = await stranger.issue({
        commonName: officerName(agencyId),
        organisation,
        title: post,
        usage: 'signing',
        days: 300,
        notBefore,
      });
      return signatory(complete(own));
    },
  };
}

function officerName(agencyId: string): string {
  const sum = [...agencyId].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return officers[sum % officers.length] ?? 'Образцова Вера Примеровна';
}

async function authority(path: string, make: () => Promise<Authority>): Promise<Authority> {
  return await importAuthority(await kept(path, async () => (await make()).export()));
}

async function kept(path: string, make: () => Promise<Partial<Pair>>): Promise<Pair> {
  const present = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (present !== undefined) return JSON.parse(present) as Pair;
  const pair = complete(await make());
  await writeFileAtomically(path, JSON.stringify(pair));
  return pair;
}

function complete({ certificate, privateKey }: Partial<Pair>): Pair {
  if (!certificate || !privateKey) throw new Error('the authority made no key');
  return { certificate, privateKey };
}

function signatory({ certificate, privateKey }: Pair): Signatory {
  const der = Buffer.from(certificate.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  return { certificate: new Uint8Array(der), certificatePem: certificate, key: createPrivateKey(privateKey) };
}
