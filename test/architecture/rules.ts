import type { Import } from './imports.ts';

/** The folders, and which of them each may import (docs/ARCHITECTURE.md). */
export const mayImport: Record<string, readonly string[]> = {
  protocol: ['protocol'],
  platform: ['platform', 'protocol'],
  device: ['device', 'platform', 'protocol'],
  central: ['central', 'platform', 'protocol'],
  ui: ['ui', 'protocol'],
  provisioning: ['provisioning', 'ui', 'central', 'device', 'platform', 'protocol'],
  test: ['test', 'provisioning', 'ui', 'central', 'device', 'platform', 'protocol'],
};

/** Packages that belong in a few folders only. */
const homes: { packages: RegExp; folders: readonly string[]; why: string }[] = [
  {
    packages: /^(pkcs11js|serialport|@serialport\/.+|node-hid|smartcard|usb)$/,
    folders: ['device/peripherals/host', 'device/peripherals/transports', 'test'],
    why: 'a crash of a native add-on must stay in its own process',
  },
  {
    packages: /^(mqtt|mqtt-packet|aedes|amqplib)$/,
    folders: ['device/sync', 'central/ingress', 'test'],
    why: 'only the ends of the wire may know which broker carries it',
  },
  { packages: /^lowdb$/, folders: ['device/config'], why: 'lowdb holds settings, never records' },
];

const inputOutput =
  /^node:(fs|net|tls|http|https|http2|dgram|dns|child_process|worker_threads|cluster|sqlite|readline|repl)(\/.*)?$/;

/** Programs of a folder that never reach its users: they may do what the folder's own code may not. */
const buildPrograms = ['ui/build.ts'];

/** Why an import breaks a rule, or undefined when it is fine. */
export function violation({ from, to }: Import): string | undefined {
  const why = folderRule(from, to) ?? coreRule(from, to) ?? packageRule(from, to) ?? pureRule(from, to);
  return why && `${from} must not import ${to}: ${why}`;
}

function folderRule(from: string, to: string): string | undefined {
  const [own, other] = [area(from), area(to)];
  if (!own || !other || mayImport[own]?.includes(other)) return undefined;
  return other === 'test' ? 'nothing imports test' : `${own} may import only ${mayImport[own]?.join(', ')}`;
}

function coreRule(from: string, to: string): string | undefined {
  if (!inside(from, ['device/core']) || inside(to, ['device/core', 'protocol'])) return undefined;
  return area(to) ? 'the rules of the domain may import only protocol' : undefined;
}

function packageRule(from: string, to: string): string | undefined {
  const home = homes.find(({ packages }) => packages.test(to));
  return !home || inside(from, home.folders)
    ? undefined
    : `${home.why} (allowed in ${home.folders.join(', ')})`;
}

function pureRule(from: string, to: string): string | undefined {
  if (inside(from, ['protocol', 'device/core']) && inputOutput.test(to)) return 'this folder does no I/O';
  if (inside(from, ['ui']) && to.startsWith('node:') && !buildPrograms.includes(from)) {
    return 'pages run in a browser';
  }
  return undefined;
}

function area(path: string): string | undefined {
  const first = path.split('/')[0] ?? '';
  return path.includes('/') && Object.hasOwn(mayImport, first) ? first : undefined;
}

function inside(path: string, folders: readonly string[]): boolean {
  return folders.some(folder => path.startsWith(`${folder}/`));
}
