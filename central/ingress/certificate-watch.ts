import { X509Certificate } from 'node:crypto';
import { readCertificates } from '../../platform/certificates.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { codeOf } from '../../protocol/app-error.ts';
import { type CertificateTerm, whatEnds } from '../../protocol/certificate-term.ts';
import { isBoxSample } from '../../protocol/observations.ts';
import type { Text } from '../../protocol/values.ts';
import type { Troubles } from '../ledger/troubles.ts';
import type { Storage } from '../storage/storage.ts';

export interface CertificateWatch {
  look(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Tells operators of certificates that end: the centre's own, and those that boxes say they depend on, 60, 30 and
 * 7 days before and at the end (F10); each mark once in the life of the process.
 */
export function watchCertificates(parts: {
  storage: Storage;
  own: readonly CertificateTerm[];
  troubles: Troubles;
  everyMs: number;
  clock: Clock;
  log: Log;
}): CertificateWatch {
  const { storage, own, troubles, clock, log } = parts;
  const told = new Set<string>();

  async function tell(subject: string, terms: readonly CertificateTerm[]): Promise<void> {
    for (const term of terms) {
      const ends = whatEnds(term, clock.now().getTime());
      const mark = JSON.stringify([subject, term, ends?.step]);
      if (!ends || told.has(mark)) continue;
      await troubles.raise(ends.code, subject, ends.details);
      told.add(mark);
    }
  }

  async function look(): Promise<void> {
    await tell('centre', own);
    for (const { box, sample } of await storage.query
      .selectFrom('boxes')
      .select(['box', 'sample'])
      .execute()) {
      const body: unknown = sample === null ? undefined : JSON.parse(sample);
      if (isBoxSample(body)) await tell(box, body.certificates ?? []);
    }
  }

  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = look().catch((error: unknown) =>
      log.error({ code: codeOf(error), err: error }, 'certificates were not looked at'),
    );
  }, parts.everyMs);
  timer.unref();
  return {
    look,
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}

/** The terms of the certificates of a PEM text. */
export function termsOf(what: Text, pem: string): CertificateTerm[] {
  return readCertificates(pem).map(der => {
    const { validToDate, subject } = new X509Certificate(der);
    const name = /^CN=(.*)$/m.exec(subject)?.[1] ?? '';
    return {
      what: { ru: `${what.ru}, ${name}`, en: `${what.en}, ${name}` },
      until: validToDate.toISOString(),
    };
  });
}
