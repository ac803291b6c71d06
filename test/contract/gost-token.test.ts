import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { tokenProfiles } from '../../device/peripherals/tokens/profiles.ts';
import { signDocuments } from '../../device/signing/sign-documents.ts';
import { createTokenService } from '../../device/signing/token-service.ts';
import { verifyCades } from '../../protocol/signature/cades.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { findGostEngine, gostEnginePackage } from '../fixtures/gost-engine.ts';
import { provisionGostToken } from '../simulators/token/provision-gost.ts';

const folder = mkdtempSync(join(tmpdir(), 'okno-gost-token-'));
after(() => rmSync(folder, { recursive: true }));
const skip = findGostEngine(folder) ? false : `the package ${gostEnginePackage} is not installed`;
const pin = '73915028';
const owner = {
  commonName: 'Выдумкина Пелагея Тестовна',
  organisation: 'МФЦ «Образцовый»',
  title: 'специалист',
};

const documents = ['заявление', 'справка', 'согласие'].map(text => Buffer.from(text.repeat(50_000)));
const asked = documents.map((bytes, index) => ({
  id: String(index),
  sha256: createHash('sha256').update(bytes).digest('hex'),
  async *content() {
    for (let from = 0; from < bytes.length; from += 65_536) yield bytes.subarray(from, from + 65_536);
  },
}));

for (const bits of [256, 512] as const)
  suite(`a token with a key of GOST R 34.10-2012, ${bits} bits`, { skip }, async () => {
    if (skip) return;
    const authority = await createAuthority('Вымышленный УЦ');
    const provisioned = await provisionGostToken({
      ...{ dir: join(folder, String(bits)), label: 'okno-gost', pin, bits, authority, owner },
    });
    const counts = new Map<string, number>();
    const token = createTokenService({
      modulePath: provisioned.modulePath,
      env: provisioned.env,
      tokenLabel: provisioned.label,
      profile: tokenProfiles.gostSimulator,
      pinTries: {
        get: serial => counts.get(serial) ?? 0,
        set: (serial, wrong) => void counts.set(serial, wrong),
      },
    });
    after(() => token.close());

    test('LED-3.6 signs each document apart in one log-in, tells the progress, and each passes', async () => {
      const progress: string[] = [];
      const onProgress = (done: number, total: number) => void progress.push(`${done}/${total}`);
      const signed = await signDocuments({ token, pin, documents: asked, now: () => new Date(), onProgress });
      assert.ok(signed.kind === 'signed', JSON.stringify(signed));
      assert.equal(signed.algorithm, `gost-2012-${bits}`);
      assert.deepEqual(progress, ['1/3', '2/3', '3/3']);
      for (const [index, content] of documents.entries()) {
        const signature: Uint8Array = signed.signatures.get(String(index)) ?? new Uint8Array();
        const anchors = [authority.certificateDer];
        const judge = (bytes: Uint8Array) =>
          verifyCades({ signature, content: bytes, anchors, at: new Date() });
        assert.equal((await judge(content)).verdict, 'passed');
        assert.equal((await judge(content.subarray(1))).reason, 'HASH_FAILURE');
      }
    });

    test('refuses to sign content that is not what was recognised', async () => {
      const [first] = asked;
      assert.ok(first);
      const other = { ...first, sha256: createHash('sha256').update('другое').digest('hex') };
      const signing = signDocuments({ token, pin, documents: [other], now: () => new Date() });
      await assert.rejects(signing, { code: 'journal.blob-corrupt' });
    });

    test('is shown with its certificate, and counts wrong PINs as every token does', async () => {
      const view = await token.view();
      assert.deepEqual([view.state, view.certificate?.owner], ['ready', owner.commonName]);
      const refused = await token.sign({ pin: '55500055', items: [] });
      assert.deepEqual([refused.kind, 'triesLeft' in refused && refused.triesLeft], ['pin-refused', 2]);
      assert.equal((await token.sign({ pin, items: [] })).kind, 'signed');
    });
  });
