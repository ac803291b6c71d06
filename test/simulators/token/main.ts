import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tokenProfiles } from '../../../device/peripherals/tokens/profiles.ts';
import {
  type Authority,
  importAuthority,
  withAddresses,
} from '../../../provisioning/certificates/authority.ts';
import { provisionToken } from './provision.ts';
import { provisionGostToken } from './provision-gost.ts';

/*
 * Makes the signature token of an invented clerk and prints how to use it, as one JSON line. The PIN
 * stands on the command line because this token guards nothing.
 */
const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    label: { type: 'string' },
    pin: { type: 'string' },
    'so-pin': { type: 'string', default: '12345678' },
    'owner-name': { type: 'string' },
    'owner-title': { type: 'string' },
    organisation: { type: 'string' },
    /** Folder with `ca.pem` and `ca-key.pem`. */
    authority: { type: 'string' },
    /** Address of the authority's simulator, under which certificates name their list and responder. */
    'revocation-url': { type: 'string' },
    /** A key of GOST R 34.10-2012 instead of EC P-256. */
    gost: { type: 'boolean', default: false },
  },
});

function need(name: Exclude<keyof typeof values, 'so-pin' | 'gost' | 'revocation-url'>): string {
  const value = values[name];
  if (value !== undefined) return value;
  process.stderr.write(`--${name} is missing\n`);
  process.exit(2);
}

const authorityDir = need('authority');
const base = values['revocation-url'];
const addressed = (authority: Authority) =>
  base === undefined
    ? authority
    : withAddresses(authority, { list: `${base}.crl`, responder: `${base}/ocsp` });
const wish = {
  dir: need('dir'),
  label: need('label'),
  pin: need('pin'),
  authority: addressed(
    await importAuthority({
      certificate: await readFile(join(authorityDir, 'ca.pem'), 'utf8'),
      privateKey: await readFile(join(authorityDir, 'ca-key.pem'), 'utf8'),
    }),
  ),
  owner: {
    commonName: need('owner-name'),
    organisation: need('organisation'),
    title: need('owner-title'),
  },
};
const token = values.gost
  ? { profile: tokenProfiles.gostSimulator.id, ...(await provisionGostToken({ ...wish, bits: 256 })) }
  : {
      profile: tokenProfiles.softhsmLocking.id,
      ...(await provisionToken({ ...wish, soPin: values['so-pin'] })),
    };
process.stdout.write(`${JSON.stringify(token)}\n`);
