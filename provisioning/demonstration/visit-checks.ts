import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { canonicalJson } from '../../protocol/canonical.ts';
import { chainStart, hashFact } from '../../protocol/chain.ts';
import type { Fact } from '../../protocol/facts.ts';
import { readPackage } from '../../protocol/package/asice.ts';
import { root } from './programs.ts';
import type { Region } from './region.ts';
import { type Found, type VisitEvidence, visitPaper } from './visit-steps.ts';

const run = promisify(execFile);

/** Keeps everything that the visit left, with the anchors to verify it with. */
export async function keepEvidence(dir: string, evidence: VisitEvidence, region: Region): Promise<void> {
  const trustDir = join(dir, 'trust');
  await mkdir(trustDir, { recursive: true });
  const files: Record<string, Buffer | string> = {
    'ticket.bin': evidence.ticketBytes,
    'ticket.png': evidence.ticketPicture,
    'package.asice': evidence.package,
    'package.asice.evidence.zip': evidence.packageProofs,
    'result.asice': evidence.result,
    'paper-copy.pdf': evidence.paperCopy,
    'case.json': JSON.stringify(evidence.case, null, 2),
    'journal.json': JSON.stringify(evidence.journal, null, 2),
    'ledger.json': JSON.stringify(evidence.ledger, null, 2),
    'proof.json': JSON.stringify(evidence.proof, null, 2),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
  for (const [name, path] of Object.entries(region.trust))
    await writeFile(join(trustDir, `${name}.pem`), await readFile(path));
  await writeFile(join(trustDir, 'stamps.pem'), await readFile(region.stampsCaFile));
}

export type Check = [name: string, check: () => Promise<Found>];

/** Checks from outside, on the kept files: other programs than ours wherever there is one. */
export function visitChecks(dir: string, evidence: VisitEvidence, gost: boolean): Check[] {
  return [
    [
      'check-signatures',
      async () => {
        const engine = gost ? ['-engine', 'gost'] : [];
        const clerks = { documents: join(dir, 'trust/clerks.pem'), container: join(dir, 'trust/boxes.pem') };
        const documents = await verifyWithOpenssl(join(dir, 'package'), evidence.package, clerks, engine);
        const results = await verifyWithOpenssl(join(dir, 'result'), evidence.result, {
          documents: join(dir, 'trust/officers.pem'),
          container: join(dir, 'trust/agencySystems.pem'),
        });
        return {
          by: ['openssl cms -verify -cades', ...engine].join(' '),
          documents,
          results,
          ok: documents === visitPaper.length && results > 0,
        };
      },
    ],
    [
      'check-package',
      async () => {
        const { verdict, uncovered } = await okno<{ verdict: string; uncovered: string[] }>(
          ...['verify', join(dir, 'package.asice'), '--json', '--trust', join(dir, 'trust')],
        );
        await run('unzip', ['-t', '-qq', join(dir, 'package.asice')]);
        return {
          by: 'okno verify, unzip',
          verdict,
          uncovered,
          ok: verdict === 'passed' && uncovered.length === 0,
        };
      },
    ],
    [
      'check-evidence',
      async () => {
        const file = join(dir, 'package.asice');
        const { provenSince, signatures } = await okno<{
          provenSince: string;
          signatures: { level: string }[];
        }>(...['verify', file, '--json', '--trust', join(dir, 'trust')]);
        const unpacked = join(dir, 'package.evidence');
        await run('unzip', ['-o', '-qq', `${file}.evidence.zip`, '-d', unpacked]);
        const [stamp = ''] = (await readdir(unpacked)).filter(name => name.endsWith('.tst'));
        await run('openssl', [
          ...['ts', '-verify', '-token_in', '-in', join(unpacked, stamp), '-data', file],
          ...['-CAfile', join(dir, 'trust/stamps.pem')],
        ]);
        return {
          by: 'okno verify, openssl ts -verify',
          provenSince,
          levels: [...new Set(signatures.map(({ level }) => level))],
          ok: signatures.every(({ level }) => level === 'LT'),
        };
      },
    ],
    [
      'check-audit',
      async () => {
        const { verdict } = await okno<{ verdict: string }>(
          ...['audit', 'verify', join(dir, 'proof.json'), '--json', '--trust', join(dir, 'trust')],
        );
        const { entries, checkpoint } = evidence.proof;
        return {
          by: 'okno audit verify',
          verdict,
          entries: entries.length,
          logEntries: checkpoint.size,
          ok: verdict === 'passed' && entries.some(({ entry }) => entry.includes('package-verified')),
        };
      },
    ],
    [
      'check-text',
      async () => {
        const texts = await Promise.all(
          readPackage(evidence.package).documents.map(async ({ name }) => textOf(join(dir, 'package', name))),
        );
        const truth = await Promise.all(
          visitPaper.map(({ page }) => readFile(join(root, `test/fixtures/pages/${page}.txt`), 'utf8')),
        );
        const shares = truth.map((text, index) => shareFound(text, texts[index] ?? ''));
        const copy = await textOf(join(dir, 'paper-copy.pdf'));
        const certified = copy.includes('на бумажном носителе') && copy.includes(evidence.case.number);
        return {
          by: 'pdftotext',
          wordsFound: shares.map(share => `${Math.round(share * 100)} %`),
          paperCopyCertified: certified,
          ok: shares.every(share => share > 0.8) && certified,
        };
      },
    ],
    [
      'check-pdf',
      async () => {
        const names = readPackage(evidence.package).documents.map(({ name }) => join(dir, 'package', name));
        for (const path of [...names, join(dir, 'paper-copy.pdf')]) await run('qpdf', ['--check', path]);
        return { by: 'qpdf --check', files: names.length + 1, ok: true };
      },
    ],
    [
      'check-ticket',
      async () => {
        const { lines, qr, cut, violations } = evidence.ticketPrint;
        const numberPrinted = lines.some(line => line.replaceAll(' ', '') === evidence.ticket.number);
        return {
          lines: lines.length,
          numberPrinted,
          qr: qr[0] ?? '',
          violations,
          ok: numberPrinted && qr[0] === evidence.ticket.statusUrl && cut && violations.length === 0,
        };
      },
    ],
    [
      'check-ledger',
      async () => {
        const { journal, ledger } = evidence;
        const stored = ledger.epochs.find(({ epoch }) => epoch === journal.epoch)?.facts ?? [];
        const equal = canonicalJson(stored) === canonicalJson(journal.facts);
        let expected = chainStart;
        let chained = true;
        for (const fact of stored as Fact[]) {
          chained &&= fact.prevHash === expected;
          expected = hashFact(fact);
        }
        return {
          facts: journal.facts.length,
          inLedger: stored.length,
          equal,
          chained,
          head: expected,
          ok: equal && chained && stored.length > 0,
        };
      },
    ],
  ];
}

/** Takes a container apart and verifies every signature with OpenSSL; the number of documents. Throws when one fails. */
async function verifyWithOpenssl(
  dir: string,
  container: Uint8Array,
  anchors: { documents: string; container: string },
  more: string[] = [],
): Promise<number> {
  await mkdir(dir, { recursive: true });
  const { documents, manifest, containerSignature, references, entries } = readPackage(container);
  const verify = async (name: string, content: Uint8Array, signature: Uint8Array, anchor: string) => {
    const [contentPath, signaturePath] = [join(dir, name), join(dir, `${name}.sig`)];
    await writeFile(contentPath, content);
    await writeFile(signaturePath, signature);
    await run('openssl', [
      ...['cms', '-verify', ...more, '-cades', '-binary', '-inform', 'DER', '-in', signaturePath],
      ...['-content', contentPath, '-CAfile', anchor, '-purpose', 'any', '-out', '/dev/null'],
    ]);
  };
  for (const { name, content, signature } of documents) {
    if (!signature) throw new Error(`${name} has no signature`);
    await verify(name, await content.bytes(), signature, anchors.documents);
  }
  await verify('ASiCManifest001.xml', manifest, containerSignature, anchors.container);
  for (const { name, digest } of references) {
    const bytes = await entries.get(name)?.bytes();
    if (!bytes || !createHash('sha256').update(bytes).digest().equals(digest))
      throw new Error(`${name} is not what the manifest says`);
  }
  return documents.length;
}

async function textOf(pdf: string): Promise<string> {
  return (await run('pdftotext', ['-layout', pdf, '-'])).stdout;
}

/** Share of the words of at least four letters that stand in the text. */
function shareFound(truth: string, text: string): number {
  const words = truth.match(/[\p{L}\d]{4,}/gu) ?? [];
  const found = new Set(text.match(/[\p{L}\d]{4,}/gu));
  return words.filter(word => found.has(word)).length / words.length;
}

/** What our own command says, as JSON; rejects when it does not end with 0. */
async function okno<Said>(...args: string[]): Promise<Said> {
  const { stdout } = await run(process.execPath, [join(root, 'provisioning/okno.mjs'), ...args]);
  return JSON.parse(stdout) as Said;
}
