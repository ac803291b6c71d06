import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import sharp from 'sharp';
import { certificatePin } from '../../device/peripherals/document-scanners/certificate-pin.ts';
import { type EsclOptions, esclScanner } from '../../device/peripherals/document-scanners/escl.ts';
import { type SaneOptions, saneScanner } from '../../device/peripherals/document-scanners/sane.ts';
import type { DocumentScanner } from '../../device/peripherals/driver.ts';
import { AppError } from '../../protocol/app-error.ts';

export type TroubleAtScanner = 'empty' | 'jam' | 'cover-open' | 'absent';

const timeouts = { firstPageMs: 60_000, pageMs: 60_000, endMs: 10_000 };

/** A folder that goes with the test file. */
export function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'okno-scanners-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder of SANE's settings: file names with their text. */
export function saneFolder(files: Record<string, string>): string {
  const folder = ownFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const saneStatus = { empty: 'NO_DOCS', jam: 'JAMMED', 'cover-open': 'COVER_OPEN' } as const;

/** SANE's own test device, which has a feeder of ten sheets, near or far. */
export function saneTestDevice(
  where: Pick<SaneOptions, 'device' | 'configDir' | 'scanimage'>,
  wish: { source: 'flatbed' | 'feeder'; trouble?: TroubleAtScanner },
): DocumentScanner {
  const { source, trouble } = wish;
  return saneScanner({
    ...where,
    ...(trouble === 'absent' && { device: where.device.replace(/0$/, '7') }),
    source: source === 'feeder' ? 'Automatic Document Feeder' : 'Flatbed',
    extraArgs: [
      ...['-x', '30', '-y', '30'],
      ...(trouble && trouble !== 'absent' ? [`--read-return-value=SANE_STATUS_${saneStatus[trouble]}`] : []),
    ],
    timeouts,
  });
}

/** Our client with times of a test. */
export function esclClient(url: string, change: Partial<EsclOptions> = {}): DocumentScanner {
  return esclScanner({
    url,
    profile: { source: 'auto', colour: 'colour', size: 'a4' },
    pin: certificatePin('never-written-for-http'),
    timeouts: { questionMs: 60_000, busyMs: 60_000, ...timeouts },
    ...change,
  });
}

/** Everything a scan gives: pages, then how it ended. */
export async function scanAll(
  scanner: DocumentScanner,
  signal = new AbortController().signal,
): Promise<{ pages: Uint8Array[]; code: string | undefined; told: unknown }> {
  const pages: Uint8Array[] = [];
  try {
    for await (const page of scanner.scan({ dpi: 75, signal })) pages.push(page.bytes);
    return { pages, code: undefined, told: undefined };
  } catch (error) {
    const isOurs = error instanceof AppError;
    return {
      pages,
      code: isOurs ? error.code : String(error),
      told: isOurs ? error.details.pages : undefined,
    };
  }
}

/** Small pages of an invented document, each unlike the others. */
export async function smallPages(count: number): Promise<Uint8Array[]> {
  return await Promise.all(
    Array.from({ length: count }, (_, index) =>
      sharp({ create: { width: 210 + index, height: 297, channels: 3, background: '#eee' } })
        .png()
        .toBuffer(),
    ),
  );
}
