import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { openS3BlobStore } from '../../central/blobs/s3-blob-store.ts';
import { s3Line } from '../../central/blobs/s3-line.ts';
import { signed } from '../../central/blobs/s3-signature.ts';
import { openBlobStore } from '../../platform/blob-store.ts';
import { systemClock } from '../../platform/clock.ts';
import { startS3Server } from '../simulators/s3/s3-server.ts';
import { folder, identityOf, network } from './sync-setting.ts';

const run = promisify(execFile);
const without = isThere('s3cmd') ? false : 's3cmd is not installed (apt-get install s3cmd)';

function isThere(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('a signature is the one of Amazon’s own example', () => {
  // Amazon S3 API reference, "Signature Calculations for the Authorization Header", GET Object.
  const headers = signed(
    {
      method: 'GET',
      url: new URL('https://examplebucket.s3.amazonaws.com/test.txt'),
      headers: { range: 'bytes=0-9' },
      payloadSha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    },
    {
      accessKey: 'AKIAIOSFODNN7EXAMPLE',
      secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      region: 'us-east-1',
    },
    new Date('2013-05-24T00:00:00Z'),
  );
  assert.match(
    headers.authorization ?? '',
    /Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41$/,
  );
});

/** The simulator, and somebody else's client of it. */
async function setting(t: TestContext) {
  const dir = await folder(t);
  const server = await startS3Server(await identityOf(network, 's3', 'tls-server'));
  t.after(() => server.close());
  const ca = join(dir, 'ca.pem');
  await writeFile(ca, network.certificate);
  const client = (secretKey: string, ...args: string[]) =>
    run('s3cmd', [
      ...['--config=/dev/null', `--access_key=${server.accessKey}`, `--secret_key=${secretKey}`],
      ...[`--host=127.0.0.1:${server.port}`, `--host-bucket=127.0.0.1:${server.port}`],
      ...[`--ca-certs=${ca}`, '--ssl', ...args],
    ]);
  return { dir, server, client };
}

test('the simulated store takes and gives what another program asks of it', { skip: without }, async t => {
  const { dir, server, client } = await setting(t);
  const own = (...args: string[]) => client(server.secretKey, ...args);
  const [file, back] = [join(dir, 'page 1.jpg'), join(dir, 'back')];
  await writeFile(file, 'страница');
  await own('put', file, 's3://okno/ab/страница 1.jpg');
  assert.equal(String(server.objects.get('ab/страница 1.jpg')), 'страница');
  const { stdout } = await own('ls', '--recursive', 's3://okno');
  assert.match(stdout, /16 +s3:\/\/okno\/ab\/страница 1\.jpg/);
  await own('get', 's3://okno/ab/страница 1.jpg', back);
  assert.equal(await readFile(back, 'utf8'), 'страница');
  await own('del', 's3://okno/ab/страница 1.jpg');
  assert.equal(server.objects.size, 0);
});

test('the simulated store does nothing for another program with a wrong key', { skip: without }, async t => {
  const { dir, server, client } = await setting(t);
  const file = join(dir, 'page.jpg');
  await writeFile(file, 'страница');
  await assert.rejects(client('wrong', 'put', file, 's3://okno/page.jpg'), /SignatureDoesNotMatch/);
  assert.equal(server.objects.size, 0);
});

test('docs/SCALE.md content of a folder is found in the bucket after the command of the handbook', {
  skip: without,
}, async t => {
  const { dir, server, client } = await setting(t);
  const own = await openBlobStore(join(dir, 'blobs'));
  const { sha256 } = await own.put(Buffer.from('страница'), 'image/jpeg');
  const options = ['--no-check-md5', '--exclude', 'tmp/*', '--exclude', 'part/*'];
  await client(server.secretKey, 'sync', ...options, `${join(dir, 'blobs')}/`, 's3://okno/');
  const line = s3Line({ ...server, ca: network.certificate, timeoutMs: 5000, clock: systemClock });
  const store = await openS3BlobStore(line, join(dir, 'staging'));
  assert.equal(String(await store.get(sha256)), 'страница');
  assert.equal(server.objects.size, 1);
});
