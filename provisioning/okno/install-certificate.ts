import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { readBoxConfig } from '../../device/config/box-config.ts';
import { writeFileAtomically } from '../../platform/atomic-file.ts';
import { readAnchors } from '../../platform/certificates.ts';
import { AppError } from '../../protocol/app-error.ts';
import { orUnusable } from './exit-status.ts';

/** Adds `okno box install-certificate` to `okno box`. */
export function registerInstallCertificate(box: Command): void {
  box
    .command('install-certificate')
    .description('put a renewed certificate in the place of the one that ends, after checking that it fits')
    .argument('<file>', 'what `okno centre renew-certificate` printed, PEM')
    .option('--config <file>', 'configuration of the box', 'box.json')
    .addHelpText(
      'after',
      '\nThe old one is kept as FILE.previous. Restart the box afterwards. Exit status: 0 installed, 3 it does not fit.',
    )
    .action((file: string, { config }: { config: string }) =>
      orUnusable(async () => {
        for (const path of await installCertificate(config, await readFile(file, 'utf8')))
          process.stdout.write(`${path}\n`);
      }),
    );
}

/**
 * Replaces the certificate of the connection or of the seal, whichever it renews: the same key, name and
 * purpose, an authority that the box believes, a later end. Gives the files back; a power cut leaves each old or
 * new. Throws `certificate.unfit`.
 */
export async function installCertificate(configPath: string, pem: string): Promise<string[]> {
  const { identity, trust } = await readBoxConfig(configPath);
  const unfit = (what: string) => new AppError('certificate.unfit', { what });
  let renewed: X509Certificate;
  try {
    renewed = new X509Certificate(pem);
  } catch {
    throw unfit('PEM');
  }
  const places = [
    { cert: identity.cert, key: identity.key, ca: identity.ca },
    { cert: identity.sealCert, key: identity.sealKey, ca: trust.boxes },
  ];
  const installed: string[] = [];
  for (const { cert, key, ca } of places) {
    const old = await readFile(cert, 'utf8');
    const current = new X509Certificate(old);
    const isSame = [renewed, current].map(({ subject, keyUsage }) => JSON.stringify([subject, keyUsage]));
    if (isSame[0] !== isSame[1] || !renewed.checkPrivateKey(createPrivateKey(await readFile(key)))) continue;
    const anchors = (await readAnchors(ca)).map(der => new X509Certificate(der));
    if (!anchors.some(anchor => renewed.checkIssued(anchor) && renewed.verify(anchor.publicKey)))
      throw unfit(renewed.issuer.replaceAll('\n', ', '));
    if (renewed.validToDate <= current.validToDate) throw unfit(renewed.validTo);
    await writeFileAtomically(`${cert}.previous`, old, 0o644);
    await writeFileAtomically(cert, pem, 0o644);
    installed.push(cert);
  }
  if (installed.length === 0) throw unfit(renewed.subject.replaceAll('\n', ', '));
  return installed;
}
