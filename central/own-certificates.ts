import { readFile } from 'node:fs/promises';
import type { CertificateTerm } from '../protocol/certificate-term.ts';
import type { Text } from '../protocol/values.ts';
import type { CentreConfig } from './config.ts';
import { termsOf } from './ingress/certificate-watch.ts';

/** The certificates of the configuration without which the centre cannot work. Those that only prove what is old may end. */
export async function ownCertificates(config: CentreConfig): Promise<CertificateTerm[]> {
  const { tls, seal, rabbitmq, agencies, timeStamps } = config;
  const files: [what: Text, path: string | undefined][] = [
    [{ ru: 'центр', en: 'the centre' }, tls.cert],
    [{ ru: 'центр связи', en: 'authority of connections' }, tls.ca],
    [{ ru: 'печать центра', en: 'seal of the centre' }, seal?.cert],
    [{ ru: 'брокер', en: 'broker' }, rabbitmq?.cert],
    [{ ru: 'служба штампов времени', en: 'time-stamping authority' }, timeStamps?.ca],
    ...agencies.map(({ agencyId, cert }): [Text, string] => [
      { ru: `связь с ведомством ${agencyId}`, en: `connection to the agency ${agencyId}` },
      cert,
    ]),
  ];
  const terms = await Promise.all(
    files.map(async ([what, path]) => (path ? termsOf(what, await readFile(path, 'utf8')) : [])),
  );
  return terms.flat();
}
