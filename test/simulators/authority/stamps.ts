import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A stamping authority by `openssl ts` in a folder: one answer (TimeStampResp) at a time to a TimeStampReq. */
export async function openStamps(
  folder: string,
  files: { cert: string; key: string },
): Promise<(query: Uint8Array) => Promise<Uint8Array>> {
  const dir = resolve(folder);
  await mkdir(dir, { recursive: true });
  const path = (name: string) => join(dir, name);
  await writeFile(
    path('ts.cnf'),
    [
      '[tsa]\ndefault_tsa=own\n[own]\ncrypto_device=builtin\nsigner_digest=sha256\ndefault_policy=1.2.3.4.1',
      `serial=${path('serial')}\nsigner_cert=${resolve(files.cert)}\nsigner_key=${resolve(files.key)}`,
      'digests=sha256,sha512\naccuracy=secs:1\ntsa_name=yes\ness_cert_id_chain=no\ness_cert_id_alg=sha256\n',
    ].join('\n'),
  );
  await writeFile(path('serial'), '01\n', { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  let before: Promise<unknown> = Promise.resolve();

  async function answer(query: Uint8Array): Promise<Uint8Array> {
    await writeFile(path('query'), query);
    const args = [
      'ts',
      '-reply',
      '-config',
      path('ts.cnf'),
      '-queryfile',
      path('query'),
      '-out',
      path('reply'),
    ];
    await run('openssl', args);
    return await readFile(path('reply'));
  }

  return query => {
    const answered = before.then(() => answer(query));
    before = answered.catch(() => {});
    return answered;
  };
}
