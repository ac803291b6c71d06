import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { createAuthority, importAuthority } from '../../provisioning/certificates/authority.ts';

const folder = mkdtempSync(join(tmpdir(), 'okno-authority-'));
after(() => rmSync(folder, { recursive: true }));

const authority = await createAuthority('Вымышленный удостоверяющий центр');
const reopened = await importAuthority(authority.export());
const server = await reopened.issue({
  commonName: 'centre',
  usage: 'tls-server',
  names: ['localhost', '127.0.0.1', '::1', 'centre.example'],
  days: 30,
});
const client = await authority.issue({ commonName: 'mfc-041', usage: 'tls-client', days: 30 });
const person = {
  commonName: 'Образцова Проба Тестовна',
  organisation: 'МФЦ вымышленного города',
  title: 'специалист',
  usage: 'signing' as const,
  days: 30,
};
const signing = await authority.issue(person);

const save = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const anchor = save('ca.pem', authority.certificate);

test('box and centre know each other by their certificates over TLS 1.3', async () => {
  const secured = createServer({
    key: server.privateKey,
    cert: server.certificate,
    ca: authority.certificate,
    requestCert: true,
    rejectUnauthorized: true,
  });
  secured.listen(0, '127.0.0.1');
  await once(secured, 'listening');
  const { port } = secured.address() as AddressInfo;
  const accepted = once(secured, 'secureConnection');
  const socket = connect({
    port,
    host: '127.0.0.1',
    key: client.privateKey,
    cert: client.certificate,
    ca: authority.certificate,
  });
  await once(socket, 'secureConnect');
  const [peer] = (await accepted) as [TLSSocket];
  assert.ok(socket.authorized);
  assert.equal(peer.getPeerCertificate().subject.CN, 'mfc-041');
  socket.destroy();
  peer.destroy();
  secured.close();
});

test('OpenSSL accepts each certificate strictly for its own purpose only', () => {
  const purposes = { sslserver: server, sslclient: client, smimesign: signing };
  for (const [purpose, { certificate }] of Object.entries(purposes)) {
    const path = save(`${purpose}.pem`, certificate);
    for (const asked of ['sslserver', 'sslclient']) {
      const args = ['verify', '-x509_strict', '-CAfile', anchor, '-purpose', asked, path];
      const expected = asked === purpose || purpose === 'smimesign';
      assert.equal(spawnSync('openssl', args).status === 0, expected, `${purpose} as ${asked}`);
    }
  }
  const path = join(folder, 'smimesign.pem');
  const args = ['verify', '-x509_strict', '-CAfile', anchor, '-purpose', 'smimesign', path];
  assert.equal(spawnSync('openssl', args).status, 0);
});

test('names stand in separate sets, in the order C, O, title, CN, in UTF-8', () => {
  const { subject } = new X509Certificate(signing.certificate);
  assert.equal(subject, 'C=RU\nO=МФЦ вымышленного города\ntitle=специалист\nCN=Образцова Проба Тестовна');
});

test('addresses and DNS names are written so that Node and OpenSSL find them', () => {
  const certificate = new X509Certificate(server.certificate);
  for (const name of ['localhost', 'centre.example']) assert.equal(certificate.checkHost(name), name);
  for (const address of ['127.0.0.1', '::1']) assert.equal(certificate.checkIP(address), address);
});

test('serial numbers are long, positive and never repeat', async () => {
  const serials = [authority, server, client, signing].map(
    ({ certificate }) => new X509Certificate(certificate).serialNumber,
  );
  assert.equal(new Set(serials).size, serials.length);
  for (const serial of serials) assert.match(serial, /^[4-7][0-9A-F]{31}$/);
});

test('a key that a token made is certified without its private part', async () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const issued = await authority.issue({ ...person, publicKey: spki });
  assert.equal(issued.privateKey, undefined);
  assert.deepEqual(
    new X509Certificate(issued.certificate).publicKey.export({ type: 'spki', format: 'der' }),
    spki,
  );
});

test('validity starts when it was asked to and lasts the days that were asked for', async () => {
  const notBefore = new Date('2049-12-31T23:00:00Z');
  const issued = new X509Certificate((await authority.issue({ ...person, notBefore, days: 2 })).certificate);
  assert.equal(issued.validFromDate.toISOString(), notBefore.toISOString());
  assert.equal(issued.validToDate.toISOString(), '2050-01-02T23:00:00.000Z');
});
