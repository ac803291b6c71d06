import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { verifyContainer } from '../../protocol/package/asice.ts';
import { sourceOf } from '../../protocol/package/byte-source.ts';
import { trustOf } from '../../protocol/signature/trust.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { manifestOver } from '../fixtures/containers.ts';
import { opensslWorkshop, stampExtensions } from '../fixtures/foreign/openssl.ts';
import { type RawEntry, rawZip } from '../fixtures/raw-zip.ts';
import { makeSigner } from '../fixtures/signers.ts';

const authority = await createAuthority('Вымышленный удостоверяющий центр');
export const one = await makeSigner(authority, 'ecdsa-p256-sha256');
export const two = await makeSigner(authority, 'rsa-pkcs1-sha256', 'Второй Проба Тестович');
export const workshop = opensslWorkshop();
const stampAuthority = workshop.issue('tsa', { extensions: stampExtensions });
workshop.issue('other-tsa', { extensions: stampExtensions });
const trust = trustOf({
  anchors: [authority.certificateDer],
  timeStampAnchors: [stampAuthority],
  at: new Date(Date.now() + 60_000),
});
export const bytes = (text: string) => Buffer.from(text);
export const asicE = bytes('application/vnd.etsi.asic-e+zip');
export const asicS = bytes('application/vnd.etsi.asic-s+zip');
export const letter = { name: 'письмо 1.txt', bytes: bytes('Выдуманное письмо. '.repeat(50)) };
export const table = { name: 'data/table.csv', bytes: bytes('a;b\n1;2\n'.repeat(100)) };
const files = [letter, table];
export const zipped = (...entries: RawEntry[]) => rawZip(entries);

export const manifestOf = (signatureName: string, named: { name: string; bytes: Uint8Array }[]) =>
  Buffer.from(manifestOver(signatureName, named));

interface Wish {
  named?: { name: string; bytes: Uint8Array }[];
  held?: RawEntry[];
  change?: (manifest: string) => string;
  mimetype?: RawEntry | null;
  more?: RawEntry[];
}

/** An ASiC-E with one manifest, as other programs make it, with something about it changed. */
export async function container({ named = files, held = files, change, mimetype, more = [] }: Wish = {}) {
  const text = manifestOf('META-INF/signature.p7s', named).toString();
  const manifest = bytes(change ? change(text) : text);
  const first = mimetype === undefined ? { name: 'mimetype', bytes: asicE } : mimetype;
  return zipped(
    ...(first ? [first] : []),
    ...held,
    { name: 'META-INF/ASiCManifest.xml', bytes: manifest },
    { name: 'META-INF/signature.p7s', bytes: await one.sign(manifest) },
    ...more,
  );
}

export async function judge(source: Uint8Array) {
  return verifyContainer(sourceOf(source), trust);
}

export async function verdict(source: Uint8Array): Promise<string> {
  const { verdict: said, reasons, detail } = await judge(source);
  return [said, ...reasons, ...(detail ? [detail] : [])].join(' ');
}

type Row = [name: string, make: () => Promise<Uint8Array> | Uint8Array, expected: string];
export const check = (title: string, rows: Row[]) =>
  suite(title, () => {
    for (const [name, make, expected] of rows)
      test(`${name}: ${expected}`, async () => assert.equal(await verdict(await make()), expected));
  });

export const format = (detail: string) => `failed FORMAT_FAILURE ${detail}`;
export const second = async (named = [table]): Promise<RawEntry[]> => {
  const manifest = manifestOf('META-INF/signature2.p7s', named);
  return [
    { name: 'META-INF/ASiCManifest2.xml', bytes: manifest },
    { name: 'META-INF/signature2.p7s', bytes: await two.sign(manifest) },
  ];
};
export const entriesOf = async (): Promise<RawEntry[]> => {
  const manifest = manifestOf('META-INF/signature.p7s', files);
  return [
    { name: 'mimetype', bytes: asicE },
    ...files,
    { name: 'META-INF/ASiCManifest.xml', bytes: manifest },
    { name: 'META-INF/signature.p7s', bytes: await one.sign(manifest) },
  ];
};
