import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ecdsaMechanisms,
  gostMechanisms,
  rsaMechanisms,
} from '../../../device/peripherals/tokens/mechanisms.ts';
import { tokenProfiles } from '../../../device/peripherals/tokens/profiles.ts';
import { signDocuments } from '../../../device/signing/sign-documents.ts';
import { createTokenService } from '../../../device/signing/token-service.ts';
import { publicKeyOf } from '../../../protocol/gost/signature.ts';
import { createStreebog } from '../../../protocol/gost/streebog.ts';
import { type SignatureAlgorithm, verifyCades } from '../../../protocol/signature/cades.ts';
import { gostSpki } from '../../../protocol/signature/gost-keys.ts';
import { signatureProfiles } from '../../../protocol/signature/profiles.ts';
import { createAuthority } from '../../../provisioning/certificates/authority.ts';
import { findGostEngine, type GostEngine, gostEnginePackage } from '../../fixtures/gost-engine.ts';
import { certify, makeGostAuthority, makeGostKey, signAs } from '../../fixtures/gost-signers.ts';
import { makeSigner } from '../../fixtures/signers.ts';
import { type ProvisionedToken, provisionToken } from '../../simulators/token/provision.ts';
import { provisionGostToken } from '../../simulators/token/provision-gost.ts';
import { compile } from '../setting/compile.ts';
import { atTheEnd } from '../setting/ending.ts';
import { printLine, say } from '../setting/figures.ts';
import type { Flags } from '../setting/flags.ts';
import { startProgram } from '../setting/programs.ts';
import { Skipped } from '../setting/skip.ts';

const pin = '73915028';
const owner = {
  commonName: 'Выдумкина Пелагея Тестовна',
  organisation: 'МФЦ «Образцовый»',
  title: 'специалист',
};
const document = Buffer.from('%PDF-1.7 выдуманный документ');

/** Tokens, digests, verifications and a whole package; limits are the bare token, and OpenSSL with its engine. */
export async function signing(flags: Flags): Promise<void> {
  const forMs = flags.number('seconds', 2) * 1000;
  const folder = mkdtempSync(join(tmpdir(), `okno-bench-${process.pid}-`));
  atTheEnd(() => rmSync(folder, { recursive: true, force: true }));
  const engine = findGostEngine(folder);
  if (!engine) throw new Skipped(`the package ${gostEnginePackage} is not installed`);
  await tokens(folder, forMs, flags.number('token-ms', 100));
  digests(folder, engine, flags.number('megabytes', 100));
  await verifications(folder, forMs);
  await wholePackages(folder, flags.number('documents', 60));
}

/** All of a document's signature (digest, token, CAdES, check of the value) beside C_Sign alone on the same token. */
async function tokens(folder: string, forMs: number, tokenMs: number): Promise<void> {
  const authority = await createAuthority('Вымышленный УЦ');
  const wish = { pin, soPin: '87654321', authority, owner };
  const soft = (label: string, keyType: 'EC:prime256v1' | 'rsa:2048') =>
    provisionToken({ ...wish, dir: join(folder, label), label, keyType });
  const gost = (label: string, bits: 256 | 512) =>
    provisionGostToken({ ...wish, dir: join(folder, label), label, bits });
  const all: [SignatureAlgorithm, ProvisionedToken][] = [
    ['ecdsa-p256-sha256', await soft('p256', 'EC:prime256v1')],
    ['rsa-pkcs1-sha256', await soft('rsa2048', 'rsa:2048')],
    ['gost-2012-256', await gost('gost256', 256)],
    ['gost-2012-512', await gost('gost512', 512)],
  ];
  for (const [algorithm, token] of all)
    for (const delayMs of [0, tokenMs]) {
      const env = { ...token.env, ...(delayMs > 0 && { TOKEN_SHIM_SIGN_MS: String(delayMs) }) };
      const limit = await bareRate(algorithm, { ...token, env }, forMs);
      const value = await signingRate({ ...token, env }, Math.max(2, Math.round((limit * forMs) / 1000)));
      const name = delayMs > 0 ? `${algorithm}, token takes ${delayMs} ms more` : algorithm;
      printLine({
        ...{ bench: 'signing', case: name, value, unit: 'documents/s' },
        ...{ limit, limitUnit: 'bare signatures/s', ratio: value / limit },
      });
    }
}

async function bareRate(
  algorithm: SignatureAlgorithm,
  token: ProvisionedToken,
  forMs: number,
): Promise<number> {
  const mechanism = { ...ecdsaMechanisms, ...rsaMechanisms, ...gostMechanisms }[algorithm];
  if (!mechanism) throw new Error(`no mechanism for ${algorithm}`);
  const size = signatureProfiles[algorithm].digest(document).length;
  const args = [token.modulePath, token.label, pin, mechanism.mechanism, size, forMs].map(String);
  const program = await startProgram<{ perSecond: number }>('bare-token', args, { env: token.env });
  const { perSecond } = await program.heard;
  await program.stop();
  return perSecond;
}

async function signingRate(provisioned: ProvisionedToken, count: number): Promise<number> {
  const isGost = 'GOST_TOKEN_FOLDER' in provisioned.env;
  const token = createTokenService({
    modulePath: provisioned.modulePath,
    env: provisioned.env,
    tokenLabel: provisioned.label,
    profile: isGost ? tokenProfiles.gostSimulator : tokenProfiles.softhsmLocking,
    pinTries: { get: () => 0, set: () => {} },
  });
  const sha256 = createHash('sha256').update(document).digest('hex');
  const documents = Array.from({ length: count }, (_, index) => ({
    id: String(index),
    sha256,
    async *content() {
      yield document;
    },
  }));
  // The log-in happens once per package and is not part of the rate: the clock starts with the first document.
  let firstMs = 0;
  const onProgress = (done: number) => {
    if (done === 1) firstMs = performance.now();
  };
  const signed = await signDocuments({ token, pin, documents, now: () => new Date(), onProgress });
  const seconds = (performance.now() - firstMs) / 1000;
  await token.close();
  if (signed.kind !== 'signed') throw new Error(`not signed: ${signed.kind}`);
  return (count - 1) / seconds;
}

function digests(folder: string, engine: GostEngine, megabytes: number): void {
  const bytes = randomBytes(megabytes * 1e6);
  const path = join(folder, 'bytes');
  writeFileSync(path, bytes);
  for (const bits of [256, 512] as const) {
    const theirs = megabytesPerSecond(megabytes, () => engine.openssl('dgst', `-md_gost12_${bits}`, path));
    const value = megabytesPerSecond(megabytes, () => {
      const digest = createStreebog(bits);
      digest.update(bytes);
      digest.digest();
    });
    printLine({
      ...{ bench: 'signing', case: `Streebog-${bits}, ${megabytes} MB`, value, unit: 'MB/s' },
      ...{ limit: theirs, limitUnit: "MB/s of OpenSSL's engine", ratio: value / theirs },
    });
  }
}

function megabytesPerSecond(megabytes: number, work: () => unknown): number {
  const begunMs = performance.now();
  work();
  return (megabytes * 1000) / (performance.now() - begunMs);
}

/** A whole judgement (two signatures by keys: the document's and the authority's) beside one bare verification. */
async function verifications(folder: string, forMs: number): Promise<void> {
  const theirs = await compile(
    new URL('gost-verifications.c', import.meta.url),
    ...([folder, 'gost-verifications', '-Wno-deprecated-declarations', '-lcrypto'] as const),
  );
  for (const bits of [256, 512] as const) {
    const algorithm = `gost-2012-${bits}` as const;
    const root = makeGostAuthority(algorithm, 'Вымышленный УЦ');
    const key = makeGostKey(algorithm);
    const spki = gostSpki(publicKeyOf(key));
    const certificate = certify({ commonName: 'Проба', spki, issuer: root });
    const signature = await signAs({ certificate, key, algorithm }, document);
    const { perSecond } = JSON.parse(String(execFileSync(theirs, [String(bits), String(forMs)])));
    await judged(algorithm, signature, root.certificate, perSecond, forMs);
  }
  const authority = await createAuthority('Вымышленный УЦ');
  for (const algorithm of ['ecdsa-p256-sha256', 'rsa-pkcs1-sha256'] as const) {
    const signature = await (await makeSigner(authority, algorithm)).sign(document);
    await judged(algorithm, signature, authority.certificateDer, nodeVerifications(algorithm, forMs), forMs);
  }
}

function nodeVerifications(algorithm: 'ecdsa-p256-sha256' | 'rsa-pkcs1-sha256', forMs: number): number {
  const { publicKey, privateKey } =
    algorithm === 'ecdsa-p256-sha256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = createPublicKey({
    key: publicKey.export({ type: 'spki', format: 'der' }),
    format: 'der',
    type: 'spki',
  });
  const value = sign('sha256', document, privateKey);
  const begunMs = performance.now();
  let count = 0;
  for (; performance.now() - begunMs < forMs; count++) verify('sha256', document, key, value);
  return (count * 1000) / (performance.now() - begunMs);
}

async function judged(
  algorithm: SignatureAlgorithm,
  signature: Uint8Array,
  anchor: Uint8Array,
  limit: number,
  forMs: number,
): Promise<void> {
  const at = new Date();
  const begunMs = performance.now();
  let count = 0;
  for (; performance.now() - begunMs < forMs; count++) {
    const { verdict } = await verifyCades({ signature, content: document, anchors: [anchor], at });
    if (verdict !== 'passed') throw new Error(`${algorithm} is ${verdict}`);
  }
  const value = (count * 1000) / (performance.now() - begunMs);
  printLine({
    ...{ bench: 'signing', case: `CAdES by ${algorithm} judged with its path`, value, unit: 'verdicts/s' },
    ...{ limit, limitUnit: 'bare verifications/s of OpenSSL', ratio: value / limit },
  });
}

/** Twelve pages' worth of scans by GOST, and as much as a package may be by the fastest algorithm, for its memory. */
async function wholePackages(folder: string, documents: number): Promise<void> {
  await wholePackage(folder, { documents: Math.min(documents, 12), sizeBytes: 1_500_000, algorithm: 'gost' });
  await wholePackage(folder, { documents, sizeBytes: 5_000_000, algorithm: 'ecdsa' });
}

async function wholePackage(
  folder: string,
  { documents, sizeBytes, algorithm }: { documents: number; sizeBytes: number; algorithm: 'gost' | 'ecdsa' },
): Promise<void> {
  const program = await startProgram<
    Record<'signMs' | 'buildMs' | 'verifyMs' | 'totalMs' | 'peakMemoryBytes', number>
  >('sign-package', [String(documents), String(sizeBytes), join(folder, `blobs-${algorithm}`), algorithm]);
  const told = await program.heard;
  await program.stop();
  const megabytes = (documents * sizeBytes) / 1e6;
  const value = megabytes / (told.totalMs / 1000);
  const digest = algorithm === 'gost' ? createStreebog(256) : createHash('sha256');
  const begunMs = performance.now();
  const bytes = randomBytes(sizeBytes);
  for (let count = 0; count < documents; count++) digest.update(bytes);
  digest.digest();
  const limit = megabytes / ((performance.now() - begunMs) / 1000);
  const what = `${documents} documents of ${sizeBytes / 1e6} MB`;
  printLine({
    ...{ bench: 'signing', case: `${what} by ${algorithm}: signed, packed, verified, from disk to disk` },
    ...{ value, unit: 'MB/s', limit, limitUnit: 'MB/s of the digest alone', ratio: value / limit, ...told },
  });
  const memory = (told.peakMemoryBytes / 1e6).toFixed(0);
  say(`  ${what} by ${algorithm}: ${(told.totalMs / 1000).toFixed(2)} s, ${memory} MB of memory`);
}
