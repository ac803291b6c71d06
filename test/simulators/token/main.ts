import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { importAuthority } from '../../../provisioning/certificates/authority.ts';
import { provisionToken } from './provision.ts';

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
  },
});

function need(name: Exclude<keyof typeof values, 'so-pin'>): string {
  const value = values[name];
  if (value !== undefined) return value;
  process.stderr.write(`--${name} is missing\n`);
  process.exit(2);
}

const authorityDir = need('authority');
const token = await provisionToken({
  dir: need('dir'),
  label: need('label'),
  pin: need('pin'),
  soPin: values['so-pin'],
  authority: await importAuthority({
    certificate: await readFile(join(authorityDir, 'ca.pem'), 'utf8'),
    privateKey: await readFile(join(authorityDir, 'ca-key.pem'), 'utf8'),
  }),
  owner: {
    commonName: need('owner-name'),
    organisation: need('organisation'),
    title: need('owner-title'),
  },
});
process.stdout.write(`${JSON.stringify(token)}\n`);
