import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { writeFileAtomically } from '../../../platform/atomic-file.ts';
import type { AuthorityKeys } from '../../../provisioning/certificates/authority.ts';
import { openAuthority, openIdentity } from '../../../provisioning/demonstration/identities.ts';
import { openRevocationSigner, type RevocationSigner, type Revoked, wholeSecond } from './revocation.ts';
import { openStamps } from './stamps.ts';

/* The authorities of a demonstration towards the outside; see README.md. Prints `{"url", "stampsCaFile"}`. */
const { values } = parseArgs({
  options: {
    dir: { type: 'string', default: '' },
    port: { type: 'string', default: '0' },
    /** `NAME=PLACE`: a folder with `ca.pem` and `ca-key.pem`, or a JSON file with both, which may be made later. */
    authority: { type: 'string', multiple: true, default: [] },
  },
});

const places = new Map(
  values.authority.map(each => {
    const [name = '', ...place] = each.split('=');
    return [name, place.join('=')];
  }),
);
const signers = new Map<string, RevocationSigner>();
const revokedFile = join(values.dir, 'revoked.json');
let revoked: Revoked = await readFile(revokedFile, 'utf8').then(
  text => JSON.parse(text) as Revoked,
  () => ({}),
);
const stampAuthority = await openAuthority(join(values.dir, 'stamps'), 'Демонстрация Окна: метки времени');
const stamper = await openIdentity(stampAuthority.authority, join(values.dir, 'stamps'), 'stamper', {
  ...{ commonName: 'Служба меток времени (имитатор)', usage: 'time-stamp' },
});
const stamp = await openStamps(join(values.dir, 'stamps/work'), stamper);

async function signerOf(name: string): Promise<RevocationSigner | undefined> {
  const place = places.get(name);
  if (place === undefined) return undefined;
  const signer = signers.get(name) ?? (await openRevocationSigner(await keysIn(place)));
  signers.set(name, signer);
  return signer;
}

async function keysIn(place: string): Promise<AuthorityKeys> {
  if (place.endsWith('.json')) return JSON.parse(await readFile(place, 'utf8')) as AuthorityKeys;
  const [certificate, privateKey] = await Promise.all(
    ['ca.pem', 'ca-key.pem'].map(name => readFile(join(place, name), 'utf8')),
  );
  return { certificate: certificate ?? '', privateKey: privateKey ?? '' };
}

async function revoke({ serial }: { serial: string }): Promise<void> {
  revoked = { ...revoked, [serial]: wholeSecond().toISOString() };
  await writeFileAtomically(revokedFile, JSON.stringify(revoked));
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(request);
  const [, name = '', what = ''] = /^\/([a-z]+)(\/ocsp|\.crl)?$/.exec(request.url ?? '') ?? [];
  if (name === 'stamps') return void response.end(await stamp(body));
  if (name === 'revoke') {
    await revoke(JSON.parse(body.toString()));
    return void response.end('{}');
  }
  const signer = await signerOf(name);
  if (!signer || what === '') return void response.writeHead(404).end();
  response.end(what === '.crl' ? await signer.list(revoked) : await signer.answer(body, revoked));
}

const server = createServer((request, response) => {
  respond(request, response).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    response.writeHead(500).end();
  });
}).listen(Number(values.port), '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
console.log(JSON.stringify({ url, stampsCaFile: stampAuthority.path }));

// Also when the program that started it is gone.
for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(event, () => process.exit(0));
