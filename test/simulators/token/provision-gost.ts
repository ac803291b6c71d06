import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { tokenProfiles } from '../../../device/peripherals/tokens/profiles.ts';
import { AppError } from '../../../protocol/app-error.ts';
import type { Authority } from '../../../provisioning/certificates/authority.ts';
import { findGostEngine } from '../../fixtures/gost-engine.ts';
import { buildGostToken, buildTokenShim } from './build.ts';
import type { ProvisionedToken, TokenOwner } from './provision.ts';

/** A signature token in a folder with a key of GOST R 34.10-2012 that OpenSSL's engine makes and uses. */
export async function provisionGostToken(wish: {
  dir: string;
  label: string;
  pin: string;
  bits: 256 | 512;
  authority: Authority;
  owner: TokenOwner;
}): Promise<ProvisionedToken> {
  const dir = resolve(wish.dir);
  const state = join(dir, 'state');
  await mkdir(state, { recursive: true });
  const engine = findGostEngine(dir);
  if (!engine) {
    const { package: name, command } = tokenProfiles.gostSimulator;
    throw new AppError('setup.package-missing', { package: name, command });
  }
  const [key, publicKey] = [join(dir, 'key.pem'), join(dir, 'public-key.der')];
  const { openssl } = engine;
  openssl('genpkey', '-algorithm', `gost2012_${wish.bits}`, '-pkeyopt', 'paramset:A', '-out', key);
  openssl('pkey', '-in', key, '-pubout', '-outform', 'DER', '-out', publicKey);
  const { certificateDer } = await wish.authority.issue({
    ...wish.owner,
    publicKey: await readFile(publicKey),
    usage: 'signing',
    days: 365,
  });
  await writeFile(join(dir, 'certificate.der'), certificateDer);
  await writeFile(join(dir, 'pin'), wish.pin);
  await writeFile(join(dir, 'label'), wish.label);
  const { module, signer } = await buildGostToken(dir);
  const env = {
    GOST_TOKEN_FOLDER: dir,
    GOST_TOKEN_SIGNER: signer,
    TOKEN_SHIM_REAL: module,
    TOKEN_SHIM_STATE: state,
    TOKEN_SHIM_MAX_TRIES: String(tokenProfiles.gostSimulator.maxTries),
  };
  return { modulePath: await buildTokenShim(dir), env, label: wish.label };
}
