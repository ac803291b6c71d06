import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type TokenProfile, tokenProfiles } from '../../../device/peripherals/tokens/profiles.ts';
import { writeFileAtomically } from '../../../platform/atomic-file.ts';
import { AppError } from '../../../protocol/app-error.ts';
import type { Authority } from '../../../provisioning/certificates/authority.ts';
import { buildTokenShim } from './build.ts';

const run = promisify(execFile);
const keyId = '01';

export interface TokenOwner {
  commonName: string;
  organisation: string;
  title: string;
}

/** What `createTokenService` needs to use the token: the module, its environment, the label. */
export interface ProvisionedToken {
  modulePath: string;
  env: Record<string, string>;
  label: string;
}

/**
 * A signature token in a folder: SoftHSM behind the shim, a key made on it (EC P-256 unless said), a
 * certificate of the authority written onto it. A second call with the same folder changes nothing on the token; a
 * folder whose provisioning was cut short is started over.
 */
export async function provisionToken(wish: {
  dir: string;
  label: string;
  pin: string;
  soPin: string;
  authority: Authority;
  owner: TokenOwner;
  keyType?: 'EC:prime256v1' | 'EC:secp384r1' | 'rsa:2048' | 'rsa:3072';
  /** Of the certificate; 365 when not given. May lie in the past with `notBefore`, for tests of expiry. */
  days?: number;
  notBefore?: Date;
}): Promise<ProvisionedToken> {
  const dir = resolve(wish.dir);
  const softhsm = findSoftHsm();
  const tokens = join(dir, 'tokens');
  const state = join(dir, 'state');
  const done = join(dir, 'provisioned.json');
  const env = {
    SOFTHSM2_CONF: join(dir, 'softhsm2.conf'),
    TOKEN_SHIM_REAL: softhsm,
    TOKEN_SHIM_STATE: state,
    TOKEN_SHIM_MAX_TRIES: String(tokenProfiles.softhsmLocking.maxTries),
  };
  if (!existsSync(done)) {
    await rm(tokens, { recursive: true, force: true });
    await rm(state, { recursive: true, force: true });
    await mkdir(tokens, { recursive: true });
    await mkdir(state, { recursive: true });
    await writeFile(env.SOFTHSM2_CONF, `directories.tokendir = ${tokens}\nlog.level = ERROR\n`);
    await personalise(dir, softhsm, env, wish);
    await writeFileAtomically(done, `${JSON.stringify({ label: wish.label })}\n`);
  }
  return { modulePath: await buildTokenShim(dir), env, label: wish.label };
}

async function personalise(
  dir: string,
  softhsm: string,
  env: Record<string, string>,
  wish: Parameters<typeof provisionToken>[0],
): Promise<void> {
  const options = { env: { ...process.env, ...env, TOKEN_PIN: wish.pin } };
  const tool = (...args: string[]) =>
    run('pkcs11-tool', ['--module', softhsm, '--token-label', wish.label, ...args], options);
  const login = ['--login', '--pin', 'env:TOKEN_PIN'];
  const object = ['--id', keyId, '--label', 'sign'];
  const publicKeyFile = join(dir, 'public-key.der');
  const certificateFile = join(dir, 'certificate.der');

  await run(
    'softhsm2-util',
    ['--init-token', '--free', '--label', wish.label, '--so-pin', wish.soPin, '--pin', wish.pin],
    options,
  ).catch(missing('softhsm2'));
  const keyType = wish.keyType ?? 'EC:prime256v1';
  if (keyType === 'EC:secp384r1') {
    // Debian's pkcs11-tool cannot read such a public key back, so the key is made beside the token.
    const keyFile = join(dir, 'key.pem');
    const key = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    await writeFile(keyFile, key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await writeFile(publicKeyFile, key.publicKey.export({ type: 'spki', format: 'der' }));
    const imported = ['--import', keyFile, '--id', keyId, '--label', 'sign'];
    await run('softhsm2-util', ['--token', wish.label, '--pin', wish.pin, ...imported], options);
  } else {
    await tool(...login, '--keypairgen', '--key-type', keyType, ...object, '--usage-sign').catch(
      missing('opensc'),
    );
    await tool('--read-object', '--type', 'pubkey', '--id', keyId, '-o', publicKeyFile);
  }
  const issued = await wish.authority.issue({
    ...wish.owner,
    publicKey: await readFile(publicKeyFile),
    usage: 'signing',
    days: wish.days ?? 365,
    ...(wish.notBefore && { notBefore: wish.notBefore }),
  });
  await writeFile(certificateFile, issued.certificateDer);
  await tool(...login, '--write-object', certificateFile, '--type', 'cert', ...object);
}

function findSoftHsm(): string {
  const profile: TokenProfile = tokenProfiles.softhsm;
  const found = profile.modulePaths.find(path => existsSync(path));
  if (found) return found;
  throw new AppError('setup.package-missing', { package: profile.package, command: profile.command });
}

const missing = (name: string) => (cause: unknown) => {
  if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
  throw new AppError(
    'setup.package-missing',
    { package: name, command: `apt-get install ${name}` },
    { cause },
  );
};
