import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { inspectPage } from '../../device/capture/intake.ts';
import { saneScanner } from '../../device/peripherals/document-scanners/sane.ts';
import type { DocumentScanner } from '../../device/peripherals/driver.ts';
import { noFaults } from '../simulators/escl-scanner/faults.ts';
import { startEsclScanner } from '../simulators/escl-scanner/start.ts';
import {
  esclClient,
  saneFolder,
  saneTestDevice,
  scanAll,
  smallPages,
  type TroubleAtScanner,
} from './scanner-setting.ts';

/** One way to a scanner: ten sheets in the feeder, one on the glass, or something wrong. */
interface Way {
  name: string;
  skip?: string | false;
  open(source: 'flatbed' | 'feeder', trouble?: TroubleAtScanner): DocumentScanner;
}

const near = saneFolder({ 'dll.conf': 'test\n', 'test.conf': '' });

/**
 * SANE's client knows no port but 6566, so each scan gets a network of its own with a `saned` in it, which goes
 * with its process namespace.
 */
function sanedOfItsOwn(): string {
  const far = saneFolder({ 'dll.conf': 'test\n', 'test.conf': '', 'saned.conf': '127.0.0.1\n' });
  const client = saneFolder({ 'dll.conf': 'net\n', 'net.conf': '127.0.0.1\n' });
  const program = join(client, 'scanimage');
  const inside = `ip link set lo up
SANE_CONFIG_DIR=${far} saned -l -b 127.0.0.1 -p 6566 -e >/dev/null 2>&1 &
until grep -q ":19A6 .* 0A " /proc/net/tcp; do sleep 0.05; done
SANE_CONFIG_DIR=${client} exec scanimage "$@"`;
  const script = `#!/bin/sh
exec unshare --net --pid --fork --kill-child --mount-proc sh -c '${inside}' sh "$@"
`;
  writeFileSync(program, script, { mode: 0o755 });
  return program;
}

const simulator = await startEsclScanner();
after(() => simulator.close());
const sheets = await smallPages(10);

function simulate(trouble: TroubleAtScanner | undefined): void {
  simulator.device.faults = { ...noFaults };
  simulator.device.load(trouble === 'empty' ? [] : sheets);
  simulator.device.lay(sheets[0]);
  if (trouble === 'cover-open') simulator.device.faults.feeder = 'cover-open';
  if (trouble === 'jam') simulator.device.faults.after = { sheets: 0, what: 'jam' };
}

const airscan = saneFolder({
  'dll.conf': 'airscan\n',
  'airscan.conf': `[devices]\n"Invented" = ${simulator.url}, eSCL\n[options]\ndiscovery = disable\n`,
});

const ways: Way[] = [
  {
    name: 'SANE',
    open: (source, trouble) =>
      saneTestDevice({ device: 'test:0', configDir: near }, { source, ...(trouble && { trouble }) }),
  },
  {
    name: 'SANE on another machine (saned)',
    skip: process.getuid?.() !== 0 && 'namespaces of the network are for root',
    open: (source, trouble) =>
      saneTestDevice(
        { device: 'net:127.0.0.1:test:0', scanimage: sanedOfItsOwn() },
        { source, ...(trouble && { trouble }) },
      ),
  },
  {
    name: 'eSCL',
    open(source, trouble) {
      simulate(trouble);
      const url = trouble === 'absent' ? 'http://127.0.0.1:1/eSCL' : simulator.url;
      return esclClient(url, { profile: { source, colour: 'colour', size: 'a5' } });
    },
  },
  {
    // Debian's client against our simulator: what both take for eSCL is not of our own making.
    name: 'eSCL through sane-airscan',
    open(source, trouble) {
      simulate(trouble);
      return saneScanner({
        device: trouble === 'absent' ? 'airscan:e0:Nobody' : 'airscan:e0:Invented',
        configDir: airscan,
        source: source === 'feeder' ? 'ADF' : 'Flatbed',
        extraArgs: ['-x', '50', '-y', '50'],
        timeouts: { firstPageMs: 60_000, pageMs: 60_000, endMs: 10_000 },
      });
    },
  },
];

for (const { name, skip = false, open } of ways)
  describe(name, { skip }, () => {
    test('a feeder is emptied page by page, and empty afterwards is the normal end', async () => {
      const { pages, code } = await scanAll(open('feeder'));
      assert.equal(code, undefined);
      assert.equal(pages.length, 10);
      for (const page of pages) assert.equal((await inspectPage(page)).kind, 'page');
    });

    test('a glass gives one page, not one without end', async () => {
      const { pages, code } = await scanAll(open('flatbed'));
      assert.deepEqual([pages.length, code], [1, undefined]);
    });

    for (const [trouble, expected] of [
      ['empty', 'scanner.no-documents'],
      ['jam', 'scanner.jammed'],
      ['cover-open', 'scanner.cover-open'],
      ['absent', 'scanner.absent'],
    ] as const)
      test(`${trouble} is told as ${expected}, before any page`, async () => {
        const { pages, code } = await scanAll(open('feeder', trouble));
        assert.deepEqual([pages.length, code], [0, expected]);
      });

    test('whoever takes only one page ends the scan with it, and the next scan works', async () => {
      const signal = new AbortController().signal;
      for await (const page of open('feeder').scan({ dpi: 75, signal })) {
        assert.notEqual(page.bytes.length, 0);
        break;
      }
      assert.equal((await scanAll(open('flatbed'))).code, undefined);
    });

    test('an aborted scan says why, and the next one works', async () => {
      const stop = new AbortController();
      const pages = open('feeder').scan({ dpi: 75, signal: stop.signal });
      await assert.rejects(async () => {
        for await (const page of pages) {
          assert.notEqual(page.bytes.length, 0);
          stop.abort(new Error('the clerk stopped it'));
        }
      }, /the clerk stopped it/);
      assert.equal((await scanAll(open('flatbed'))).code, undefined);
    });
  });

test('nobody asked the simulator for what no device does', () => {
  assert.deepEqual(simulator.device.violations, []);
});
