import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Fastify from 'fastify';
import { startIppPrinter } from '../ipp-printer/printer.ts';
import type { Faults } from '../ticket-printer/faults.ts';
import { startTicketPrinter } from '../ticket-printer/start.ts';
import { acceptForms } from './form-body.ts';
import { panelPage } from './panel.ts';
import { layOnGlass, pageNames, scanToFolder } from './paper.ts';

/*
 * Everything around one simulated box that is not the box: ticket printer, A4 printer, multi-function
 * printer, flatbed, the hand that pulls the signature token. A page for people and the same for programs.
 */
const { values: flags } = parseArgs({
  options: {
    dir: { type: 'string' },
    branch: { type: 'string' },
    'box-url': { type: 'string' },
    'incoming-dir': { type: 'string' },
    'token-pulled-file': { type: 'string' },
    port: { type: 'string', default: '0' },
    'printer-port': { type: 'string', default: '0' },
    'printer-pty': { type: 'string' },
    'ipp-port': { type: 'string', default: '0' },
  },
});

function need(name: 'dir' | 'branch' | 'box-url' | 'incoming-dir' | 'token-pulled-file'): string {
  const value = flags[name];
  if (value !== undefined) return value;
  process.stderr.write(`--${name} is missing\n`);
  process.exit(2);
}

const dir = need('dir');
const incomingDir = need('incoming-dir');
const pulledFile = need('token-pulled-file');
const papersDir = join(dir, 'papers');
const glass = join(dir, 'glass.pnm');
await mkdir(dir, { recursive: true });

const printer = await startTicketPrinter({
  port: Number(flags['printer-port']),
  dir: join(dir, 'tickets'),
  ...(flags['printer-pty'] && { ptyLink: flags['printer-pty'] }),
});
const ipp = await startIppPrinter({ port: Number(flags['ipp-port']), dir: papersDir });
const pages = await pageNames();
let onGlass = pages[0] ?? '';
await layOnGlass(glass, onGlass);

const server = Fastify({ forceCloseConnections: true });
acceptForms(server);
const done = { ok: true };

server.get('/', async (_request, reply) =>
  reply.type('text/html; charset=utf-8').send(
    panelPage({
      branch: need('branch'),
      boxUrl: need('box-url'),
      pages,
      onGlass,
      tickets: printer.tickets().length,
      papers: (await readdir(papersDir)).filter(name => name.endsWith('.pdf')).sort(),
      printer: printer.faults.now(),
      tokenPlugged: !existsSync(pulledFile),
    }),
  ),
);
server.get('/tickets', async () =>
  printer.tickets().map(({ lines, qr, cut, violations, bytes }) => ({
    lines,
    qr,
    cut,
    violations,
    sizeBytes: bytes.length,
  })),
);
server.get<{ Params: { file: string } }>('/tickets/:file', async (request, reply) => {
  const [, number, kind] = /^(\d+)\.(png|bin|txt)$/.exec(request.params.file) ?? [];
  const ticket = printer.tickets()[Number(number) - 1];
  if (!ticket) return reply.code(404).send();
  if (kind === 'png') return reply.type('image/png').send(await printer.picture(Number(number)));
  if (kind === 'txt') return reply.type('text/plain; charset=utf-8').send(ticket.layout);
  return reply.type('application/octet-stream').send(Buffer.from(ticket.bytes));
});
server.get('/papers', async () => (await readdir(papersDir)).filter(name => name.endsWith('.pdf')).sort());
server.get<{ Params: { file: string } }>('/papers/:file', async (request, reply) => {
  const { file } = request.params;
  if (!/^[\w.-]+\.pdf$/.test(file)) return reply.code(404).send();
  return reply.type('application/pdf').send(await readFile(join(papersDir, file)));
});
server.post<{ Body: { page: string } }>('/mfp', async request => {
  const { page } = request.body;
  if (page !== 'broken') {
    if (!pages.includes(page)) throw new Error('no such page');
    return { name: await scanToFolder(incomingDir, page) };
  }
  const name = `scan-broken-${Date.now()}.jpg`;
  const partial = join(incomingDir, `${name}.part`);
  await writeFile(partial, 'this is no picture');
  await rename(partial, join(incomingDir, name));
  return { name };
});
server.post<{ Body: { page: string } }>('/glass', async request => {
  if (!pages.includes(request.body.page)) throw new Error('no such page');
  onGlass = request.body.page;
  await layOnGlass(glass, onGlass);
  return done;
});
server.post<{ Body: { plugged: string } }>('/token', async request => {
  if (request.body.plugged === 'yes') await rm(pulledFile, { force: true });
  else await writeFile(pulledFile, '');
  return done;
});
server.post<{ Body: Partial<Record<keyof Faults, string>> }>('/printer', async request => {
  const { paper, cover, dead } = request.body;
  printer.faults.set({
    ...(paper && { paper: paper as Faults['paper'] }),
    ...(cover && { cover: cover as Faults['cover'] }),
    ...(dead && { dead: dead === 'yes' }),
  });
  return done;
});
// A person who pressed a button on the page comes back to the page.
server.addHook('onSend', async (request, reply) => {
  const fromForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  if (fromForm && reply.statusCode === 200) reply.code(303).header('location', '/');
});

await server.listen({ host: '127.0.0.1', port: Number(flags.port) });
const { port } = server.server.address() as { port: number };
console.log(
  JSON.stringify({
    ready: true,
    url: `http://127.0.0.1:${port}`,
    printerPort: printer.port,
    ippUrl: ipp.url,
    glass,
  }),
);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await server.close();
  await ipp.close();
  await printer.close();
  process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => void stop());
