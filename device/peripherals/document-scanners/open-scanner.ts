import { join } from 'node:path';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { EsclScannerConfig, ScannerConfig } from '../../config/scanner-config.ts';
import type { DocumentScanner } from '../driver.ts';
import { certificatePin } from './certificate-pin.ts';
import { checkEsclScanner, type EsclOptions, esclScanner } from './escl.ts';
import { listSaneDevices, saneScanner } from './sane.ts';

/** A document scanner by its configuration. `dataDir` keeps what network scanners showed of themselves. */
export function openScanner(config: ScannerConfig, dataDir: string): DocumentScanner {
  if (config.driver === 'escl') return esclScanner(esclOptions(config, dataDir));
  return saneScanner({
    device: config.device,
    ...(config.configDir && { configDir: config.configDir }),
    ...(config.source && { source: config.source }),
    extraArgs: config.options,
    timeouts: { firstPageMs: 60_000, pageMs: 30_000, endMs: 10_000 },
  });
}

/** What is wrong with a scanner that draws no pages now, or null. */
export async function checkScanner(config: ScannerConfig, dataDir: string): Promise<ErrorCode | null> {
  if (config.driver === 'escl') return checkEsclScanner(esclOptions(config, dataDir));
  const devices = await listSaneDevices(config.configDir);
  return devices.some(({ device }) => device === config.device) ? null : 'scanner.absent';
}

function esclOptions(
  { id, url, source = 'auto', colour = 'colour', size = 'a4' }: EsclScannerConfig,
  dataDir: string,
): EsclOptions {
  return {
    url,
    profile: { source, colour, size },
    pin: certificatePin(join(dataDir, 'scanner-certificates', `${id}.sha256`)),
    timeouts: { questionMs: 10_000, firstPageMs: 60_000, pageMs: 30_000, busyMs: 15_000 },
  };
}
