import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeBoxConfig } from '../../device/config/box-config.ts';
import { readTlsIdentity } from '../../platform/certificates.ts';
import { renewCertificate } from '../../provisioning/certificates/renew.ts';
import { installCertificate } from '../../provisioning/okno/install-certificate.ts';
import { boxConfig } from '../bench/setting/box-config.ts';
import { plainFact } from '../fixtures/books.ts';
import { folder, foreigners, layLine, network, startBox, startCentre, synced } from './sync-setting.ts';

const main = fileURLToPath(new URL('../../provisioning/okno/main.ts', import.meta.url));
const run = promisify(execFile);

async function okno(...words: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  try {
    return { status: 0, ...(await run(process.execPath, [main, ...words])) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, stdout, stderr };
  }
}

test('F10 a box gets a new certificate for its key and name, and the centre knows it', async t => {
  const dir = await folder(t);
  const path = (name: string) => join(dir, name);
  const authorities = await Promise.all(
    [network, foreigners].map(async (authority, index) => {
      const at = path(`authority-${index}`);
      await mkdir(at);
      const { certificate, privateKey } = authority.export();
      await writeFile(join(at, 'ca.pem'), certificate);
      await writeFile(join(at, 'ca-key.pem'), privateKey);
      return at;
    }),
  );
  const [own = '', foreign = ''] = authorities;
  const connection = await network.issue({ commonName: 'mfc-041', usage: 'tls-client', days: 3 });
  const seal = await network.issue({
    ...{ commonName: 'mfc-041', organisation: 'МФЦ «Придуманный»', usage: 'signing', days: 3 },
  });
  const files = {
    'ca.pem': network.certificate,
    ...{ 'tls.pem': connection.certificate, 'tls-key.pem': connection.privateKey ?? '' },
    ...{ 'seal.pem': seal.certificate, 'seal-key.pem': seal.privateKey ?? '' },
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path(name), text);
  const config = boxConfig('mfc-041', dir);
  await writeBoxConfig(path('box.json'), {
    ...config,
    identity: {
      ...{ ca: path('ca.pem'), cert: path('tls.pem'), key: path('tls-key.pem') },
      ...{ sealCert: path('seal.pem'), sealKey: path('seal-key.pem') },
    },
    trust: { ...config.trust, boxes: path('ca.pem') },
  });
  const renew = (name: string, authority = own) =>
    okno('centre', 'renew-certificate', path(name), '--authority', authority, '--days', '365');
  const [tlsPem, refused] = await Promise.all([renew('tls.pem'), renew('tls.pem', foreign)]);
  assert.deepEqual([tlsPem.status, refused.status], [0, 3]);
  assert.match(refused.stderr, /certificate\.unfit/);
  await writeFile(path('new.pem'), tlsPem.stdout);
  assert.deepEqual(await okno('box', 'install-certificate', path('new.pem'), '--config', path('box.json')), {
    status: 0,
    stdout: `${path('tls.pem')}\n`,
    stderr: '',
  });
  const install = (pem: string) => installCertificate(path('box.json'), pem);
  assert.deepEqual(await install(await renewCertificate(network, seal.certificate, 365)), [path('seal.pem')]);
  for (const [name, before] of [
    ['tls.pem', connection],
    ['seal.pem', seal],
  ] as const) {
    // biome-ignore format: one line
    const [renewed, old] = [await readFile(path(name)), before.certificate].map(pem => new X509Certificate(pem));
    assert.ok(renewed && old);
    assert.deepEqual([renewed.subject, renewed.keyUsage], [old.subject, old.keyUsage]);
    assert.ok(renewed.publicKey.equals(old.publicKey));
    assert.ok(renewed.validToDate > old.validToDate);
    assert.equal(await readFile(path(`${name}.previous`), 'utf8'), before.certificate);
  }

  const installed = await readFile(path('tls.pem'), 'utf8');
  const anotherKey = await network.issue({ commonName: 'mfc-041', usage: 'tls-client', days: 900 });
  const anotherName = await network.issue({
    ...{ commonName: 'mfc-042', usage: 'tls-client', days: 900 },
    publicKey: new Uint8Array(
      new X509Certificate(installed).publicKey.export({ type: 'spki', format: 'der' }),
    ),
  });
  for (const unfit of [
    anotherKey.certificate,
    anotherName.certificate,
    connection.certificate,
    'no certificate',
  ]) {
    await assert.rejects(install(unfit), { code: 'certificate.unfit' });
  }
  assert.equal(await readFile(path('tls.pem'), 'utf8'), installed);

  const centre = await startCentre(t, await folder(t));
  const tls = await readTlsIdentity({ ca: path('ca.pem'), cert: path('tls.pem'), key: path('tls-key.pem') });
  const box = await startBox(t, await folder(t), await layLine(t, centre), { tls });
  await box.journal.commit([plainFact()]);
  box.link.start();
  await synced(box);
});
