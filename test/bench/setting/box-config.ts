import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BoxConfig } from '../../../device/config/box-config.ts';

export const registerPath = fileURLToPath(
  new URL('../../../provisioning/demonstration/register.json', import.meta.url),
);

/** A branch of ten windows whose devices nobody opens. */
export function boxConfig(box: string, dir: string): BoxConfig {
  const nowhere = join(dir, 'nowhere');
  return {
    box,
    branch: {
      name: { ru: 'МФЦ «Мерный»', en: 'Measured Centre' },
      address: { ru: 'ул. Секундная, д. 60', en: '60 Sekundnaya St' },
      code: 'МР-001',
      timeZone: 'Europe/Moscow',
      windows: Array.from({ length: 10 }, (_, index) => String(index + 1)),
      normMinutes: 15,
    },
    dataDir: dir,
    http: { host: '127.0.0.1', port: 0, publicUrl: 'http://okno.test' },
    centre: { mqttUrl: '', contentUrl: '' },
    identity: { ca: nowhere, cert: nowhere, key: nowhere, sealCert: nowhere, sealKey: nowhere },
    trust: { clerks: nowhere, boxes: nowhere, officers: nowhere, agencySystems: nowhere },
    register: registerPath,
    ticketPrinter: { line: 'tcp', host: '127.0.0.1', port: 0, model: 'epson-80mm' },
    scanners: [],
    incomingDir: join(dir, 'incoming'),
    a4Printer: { kind: 'file', dir: join(dir, 'papers') },
    token: { profile: 'softhsm-locking', modulePath: nowhere, label: box, env: {} },
    users: [],
    minFreeBytes: 0,
    logLevel: 'silent',
  };
}
