import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { basename } from 'node:path';
import { AppError } from '../../protocol/app-error.ts';

/** Ports of a region: a block that begins at `base`. */
export function portPlan(base: number, branches: number) {
  const branch = (index: number) => {
    const first = base + 10 * (index + 1);
    return { http: first, panel: first + 1, printer: first + 2, ipp: first + 3 };
  };
  return {
    operator: base,
    mqtt: base + 1,
    content: base + 2,
    agencies: base + 3,
    agenciesControl: base + 4,
    authority: base + 5,
    branches: Array.from({ length: branches }, (_, index) => branch(index)),
  };
}
export type PortPlan = ReturnType<typeof portPlan>;

const step = 100;

/** Throws `setup.port-taken` that names the port, what it is for, who holds it and which ports to take instead. */
export async function assertPortsFree(base: number, branches: number): Promise<void> {
  for (const { port, purpose } of namedPorts(portPlan(base, branches)))
    if (!(await isFree(port)))
      throw new AppError('setup.port-taken', {
        port,
        purpose,
        holder: await holderOf(port),
        suggestion: await findFreeBase(base + step, branches),
      });
}

/**
 * A base for a region of this process, which holds the block as long as it lives: other processes that look for
 * one find it taken from now on. Below the ports from which the kernel takes those of outgoing connections
 * (32768 and up): one of these may be taken at any moment.
 */
export async function someFreeBase(branches: number): Promise<number> {
  for (let tries = 0; tries < blocks; tries++) {
    const base = firstBlock + step * ((process.pid + tries) % blocks);
    const holder = (await isBlockFree(base, branches)) && (await holdPort(base + step - 1));
    if (!holder) continue;
    holder.unref();
    return base;
  }
  throw new AppError('setup.bad-configuration', { what: 'no free ports' });
}

const [firstBlock, blocks] = [10_000, 220];

/** The first base at or above `from` whose whole block is free. */
async function findFreeBase(from: number, branches: number): Promise<number> {
  for (let base = from; base < 65_000; base += step) if (await isBlockFree(base, branches)) return base;
  throw new AppError('setup.bad-configuration', { what: 'no free ports' });
}

async function isBlockFree(base: number, branches: number): Promise<boolean> {
  const free = await Promise.all(namedPorts(portPlan(base, branches)).map(({ port }) => isFree(port)));
  return free.every(Boolean);
}

/** What each port is for, in the words of the message. */
const purposes: Record<string, string> = {
  operator: 'диспетчерская',
  mqtt: 'связь с устройствами',
  content: 'передача файлов',
  agencies: 'системы ведомств',
  agenciesControl: 'управление имитатором ведомств',
  authority: 'удостоверяющий центр (имитатор)',
  http: 'страницы отделения',
  panel: 'имитаторы отделения',
  printer: 'принтер талонов',
  ipp: 'принтер A4',
};

function namedPorts(plan: PortPlan): { port: number; purpose: string }[] {
  const { branches, ...centre } = plan;
  return [centre, ...branches].flatMap(group =>
    Object.entries(group).map(([name, port]) => ({ port, purpose: purposes[name] ?? name })),
  );
}

async function isFree(port: number): Promise<boolean> {
  const holder = await holdPort(port);
  if (holder) await new Promise(resolve => holder.close(resolve));
  return holder !== undefined;
}

/** Undefined when somebody else has it. */
function holdPort(port: number): Promise<Server | undefined> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** Name and number of the process that listens on a TCP port, from /proc; «неизвестно» for another user's. */
async function holderOf(port: number): Promise<string> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const text = await readFile(table, 'utf8').catch(() => '');
    for (const line of text.split('\n')) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === '0A' && local?.endsWith(`:${hex}`) && inode) inodes.add(`socket:[${inode}]`);
    }
  }
  const processes = (await readdir('/proc').catch(() => [])).filter(name => /^\d+$/.test(name));
  for (const pid of processes) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files)
      if (inodes.has(await readlink(`/proc/${pid}/fd/${file}`).catch(() => ''))) {
        const [program = '?', script = ''] = (
          await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
        ).split('\0');
        return `${[program, script]
          .map(part => basename(part))
          .join(' ')
          .trim()} (PID ${pid})`;
      }
  }
  return 'неизвестно';
}
