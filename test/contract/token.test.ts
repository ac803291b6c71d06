import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { pino } from 'pino';
import {
  ecdsaMechanisms,
  rsaMechanisms,
  rsaPssMechanisms,
} from '../../device/peripherals/tokens/mechanisms.ts';
import { tokenProfiles } from '../../device/peripherals/tokens/profiles.ts';
import { signDocuments } from '../../device/signing/sign-documents.ts';
import { createTokenService, type PinTriesStore } from '../../device/signing/token-service.ts';
import type { Log } from '../../platform/log.ts';
import { verifyCades } from '../../protocol/signature/cades.ts';
import { type Authority, createAuthority } from '../../provisioning/certificates/authority.ts';
import { until } from '../fixtures/until.ts';
import { type ProvisionedToken, provisionToken } from '../simulators/token/provision.ts';

const run = promisify(execFile);
const pin = '73915028';
const wrongPin = '55500055';
const owner = {
  commonName: 'Выдумкина Пелагея Тестовна',
  organisation: 'МФЦ «Образцовый»',
  title: 'Старший специалист',
};
const profile = tokenProfiles.softhsmLocking;

let dir: string;
let authority: Authority;
let provisioned: ProvisionedToken;
let logged = '';

const log: Log = pino(
  { level: 'trace' },
  new Writable({
    write(chunk, _encoding, done) {
      logged += chunk;
      done();
    },
  }),
);

function memoryStore(): PinTriesStore & { counts: Map<string, number> } {
  const counts = new Map<string, number>();
  return {
    counts,
    get: serial => counts.get(serial) ?? 0,
    set: (serial, wrong) => void counts.set(serial, wrong),
  };
}

function openToken(
  options: Partial<Parameters<typeof createTokenService>[0]> & { token?: ProvisionedToken } = {},
) {
  const { token = provisioned, ...rest } = options;
  return createTokenService({
    modulePath: token.modulePath,
    env: token.env,
    tokenLabel: token.label,
    profile,
    log,
    pinTries: memoryStore(),
    ...rest,
  });
}

const stateFile = (name: string) => join(dir, 'clerk', 'state', name);
const setFault = (name: string) => writeFile(stateFile(name), '');
const clearFault = (name: string) => rm(stateFile(name), { force: true });
const items = [
  { id: 'one', toBeSigned: Buffer.from('первый документ') },
  { id: 'two', toBeSigned: Buffer.from('второй документ') },
];

const documentOf = (id: string, pdf: Uint8Array) => ({
  id,
  sha256: createHash('sha256').update(pdf).digest('hex'),
  async *content() {
    yield pdf;
  },
});

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'okno-token-'));
  authority = await createAuthority('Учебный УЦ');
  provisioned = await provisionToken({
    dir: join(dir, 'clerk'),
    label: 'okno-clerk',
    pin,
    soPin: '87654321',
    authority,
    owner,
  });
});
after(() => rm(dir, { recursive: true, force: true }));
beforeEach(async () => {
  for (const name of ['wrong-tries', 'logins', 'pulled', 'hang', 'broken']) await clearFault(name);
});

test('LED-3.6 two documents are signed apart in one log-in, and openssl verifies each as CAdES', async t => {
  const token = openToken();
  t.after(() => token.close());
  const pdfs = [Buffer.from('%PDF-1.7 заявление'), Buffer.from('%PDF-1.7 справка')];
  const signed = await signDocuments({
    token,
    pin,
    documents: pdfs.map((pdf, index) => documentOf(String(index), pdf)),
    now: () => new Date(),
  });
  assert.equal(signed.kind, 'signed');
  assert.ok(signed.kind === 'signed');
  assert.equal(signed.algorithm, 'ecdsa-p256-sha256');
  assert.equal((await token.view()).certificate?.serial, signed.certificateSerial);
  assert.equal((await readFile(stateFile('logins'), 'utf8')).trim(), '1');

  const ca = join(dir, 'ca.pem');
  await writeFile(ca, authority.certificate);
  const verify = async (signature: Uint8Array, content: Uint8Array) => {
    const name = join(dir, randomUUID());
    await writeFile(`${name}.sig`, signature);
    await writeFile(`${name}.pdf`, content);
    const args = ['cms', '-verify', '-cades', '-binary', '-purpose', 'any', '-inform', 'DER', '-CAfile', ca];
    return run('openssl', [...args, '-in', `${name}.sig`, '-content', `${name}.pdf`, '-out', '/dev/null']);
  };
  for (const [index, pdf] of pdfs.entries()) {
    const signature = signed.signatures.get(String(index));
    assert.ok(signature);
    await verify(signature, pdf);
    await assert.rejects(verify(signature, Buffer.concat([pdf, Buffer.from(' ')])));
  }
});

test('the token shows its label, owner and certificate without a PIN', async t => {
  const token = openToken();
  t.after(() => token.close());
  const view = await token.view();
  assert.equal(view.state, 'ready');
  assert.equal(view.label, 'okno-clerk');
  assert.equal(view.certificate?.owner, owner.commonName);
  assert.equal(view.triesLeft, 3);
  assert.equal(view.code, undefined);
});

test('a wrong PIN says how many tries are left until the token is locked, and nothing is tried again', async t => {
  const pinTries = memoryStore();
  const token = openToken({ pinTries });
  t.after(() => token.close());
  const first = await token.sign({ pin: wrongPin, items });
  assert.ok(first.kind === 'pin-refused');
  assert.equal(first.triesLeft, 2);
  assert.equal((await readFile(stateFile('wrong-tries'), 'utf8')).trim(), '1');
  assert.equal(pinTries.counts.get(first.tokenSerial), 1);
  const second = await token.sign({ pin: wrongPin, items });
  assert.ok(second.kind === 'pin-refused');
  assert.equal(second.triesLeft, 1);
  assert.deepEqual(await token.sign({ pin: wrongPin, items }), { kind: 'pin-locked' });
  assert.deepEqual(await token.sign({ pin, items }), { kind: 'pin-locked' });
  const view = await token.view();
  assert.equal(view.state, 'locked');
  assert.equal(view.triesLeft, 0);
  assert.equal(view.code, 'token.pin-locked');
  await assert.rejects(readFile(stateFile('logins')), { code: 'ENOENT' });
});

test('the count of wrong PINs outlives a restart and ends with a right PIN', async t => {
  const pinTries = memoryStore();
  const before = openToken({ pinTries });
  await before.sign({ pin: wrongPin, items });
  await before.close();
  const token = openToken({ pinTries });
  t.after(() => token.close());
  assert.equal((await token.view()).triesLeft, 2);
  assert.equal((await token.sign({ pin, items })).kind, 'signed');
  assert.equal((await token.view()).triesLeft, 3);
  assert.deepEqual([...pinTries.counts.values()], [0]);
});

test('an empty PIN never reaches the token', async t => {
  const token = openToken();
  t.after(() => token.close());
  const refused = await token.sign({ pin: '', items });
  assert.ok(refused.kind === 'pin-refused');
  assert.equal(refused.triesLeft, 3);
  await assert.rejects(readFile(stateFile('wrong-tries')), { code: 'ENOENT' });
});

test('a token that is pulled out between two documents gives no signature at all, and works when back', async t => {
  const token = openToken();
  t.after(() => token.close());
  const outcome = await token.session(pin, async ({ sign }) => {
    await sign(Buffer.from('первый'));
    await setFault('pulled');
    return sign(Buffer.from('второй'));
  });
  assert.deepEqual(outcome, { kind: 'token-gone' });
  const view = await token.view();
  assert.equal(view.state, 'absent');
  assert.equal(view.code, 'token.absent');
  assert.deepEqual(await token.sign({ pin, items }), { kind: 'token-gone' });
  await clearFault('pulled');
  assert.equal((await token.sign({ pin, items })).kind, 'signed');
});

test('a token that answers with an error is not taken for a pulled one', async t => {
  const token = openToken();
  t.after(() => token.close());
  await setFault('broken');
  assert.deepEqual(await token.sign({ pin, items }), { kind: 'fault', code: 'token.fault' });
  await clearFault('broken');
  assert.equal((await token.sign({ pin, items })).kind, 'signed');
});

test('kill -9 of the process that holds the module is a token fault, and the next call works', async t => {
  const token = openToken();
  t.after(() => token.close());
  const outcome = await token.session(pin, async ({ sign }) => {
    await sign(Buffer.from('первый'));
    const hostPid = token.hostPid();
    assert.ok(hostPid);
    process.kill(hostPid, 'SIGKILL');
    return sign(Buffer.from('второй'));
  });
  assert.deepEqual(outcome, { kind: 'fault', code: 'token.fault' });
  assert.equal((await token.sign({ pin, items })).kind, 'signed');
});

test('a module that hangs is killed by the watchdog, and the next call works', async t => {
  const token = openToken({ callTimeoutMs: 1500 });
  t.after(() => token.close());
  await setFault('hang');
  assert.deepEqual(await token.sign({ pin, items }), { kind: 'fault', code: 'token.fault' });
  await clearFault('hang');
  assert.equal((await token.sign({ pin, items })).kind, 'signed');
});

test('an expired certificate is refused before the token is asked for anything', async t => {
  const token = openToken({ clock: { now: () => new Date(Date.now() + 400 * 24 * 3600 * 1000) } });
  t.after(() => token.close());
  assert.deepEqual(await token.sign({ pin: wrongPin, items }), { kind: 'certificate-expired' });
  await assert.rejects(readFile(stateFile('wrong-tries')), { code: 'ENOENT' });
  assert.equal((await token.view()).code, 'token.certificate-expired');
});

test('a certificate whose time has not come is refused as such, before the token is asked for anything', async t => {
  const token = openToken({ clock: { now: () => new Date(Date.now() - 400 * 24 * 3600 * 1000) } });
  t.after(() => token.close());
  assert.deepEqual(await token.sign({ pin: wrongPin, items }), { kind: 'certificate-not-yet-valid' });
  await assert.rejects(readFile(stateFile('wrong-tries')), { code: 'ENOENT' });
  assert.equal((await token.view()).code, 'token.certificate-not-yet-valid');
});

test('another token than the one of this place is told from none at all, by label and by serial number', async t => {
  const own = openToken();
  t.after(() => own.close());
  const { serial } = await own.view();
  assert.ok(serial);
  for (const wrong of [{ tokenLabel: 'okno-somebody' }, { tokenSerial: `${serial}0` }]) {
    const token = openToken(wrong);
    t.after(() => token.close());
    assert.deepEqual(await token.sign({ pin: wrongPin, items }), { kind: 'other-token' });
    const view = await token.view();
    assert.deepEqual([view.state, view.code], ['faulted', 'token.other-token']);
  }
  await assert.rejects(readFile(stateFile('wrong-tries')), { code: 'ENOENT' });
  const same = openToken({ tokenLabel: undefined, tokenSerial: serial });
  t.after(() => same.close());
  assert.equal((await same.sign({ pin, items })).kind, 'signed');
});

for (const [keyType, algorithm, mechanisms] of [
  ['EC:secp384r1', 'ecdsa-p384-sha384', ecdsaMechanisms],
  ['rsa:2048', 'rsa-pkcs1-sha256', rsaMechanisms],
  ['rsa:3072', 'rsa-pss-sha256', rsaPssMechanisms],
] as const)
  test(`a key ${keyType} signs by ${algorithm}, and the signature passes`, async t => {
    const token = openToken({
      token: await provisionToken({
        ...{ dir: join(dir, algorithm), label: algorithm, pin, soPin: '87654321', authority, owner, keyType },
      }),
      profile: { ...profile, mechanisms },
    });
    t.after(() => token.close());
    const content = Buffer.from('%PDF-1.7 заявление');
    const documents = [documentOf('one', content)];
    const signed = await signDocuments({ token, pin, documents, now: () => new Date() });
    assert.ok(signed.kind === 'signed', JSON.stringify(signed));
    assert.equal(signed.algorithm, algorithm);
    const signature = signed.signatures.get('one') ?? new Uint8Array();
    const anchors = [authority.certificateDer];
    assert.equal((await verifyCades({ signature, content, anchors, at: new Date() })).verdict, 'passed');
  });

test('a branch may let a right PIN serve its clerk for a while, and nobody else', async t => {
  const token = openToken({ keepPinMs: 60_000 });
  t.after(() => token.close());
  const sign = (typed: string | null, holder: string) =>
    token.session(typed, ({ sign }) => sign(Buffer.from('документ')), holder);
  assert.equal((await sign(null, 'tester')).kind, 'pin-needed');
  assert.equal((await sign(pin, 'tester')).kind, 'done');
  assert.ok(token.keepsPinOf('tester') && !token.keepsPinOf('other'));
  assert.equal((await sign(null, 'tester')).kind, 'done');
  assert.equal((await readFile(stateFile('logins'), 'utf8')).trim(), '2');
  assert.deepEqual(await sign(null, 'other'), { kind: 'pin-needed' });

  await sign(pin, 'tester');
  await token.forgetPin('other');
  assert.ok(token.keepsPinOf('tester'));
  await token.forgetPin('tester');
  assert.ok(!token.keepsPinOf('tester'));
  assert.deepEqual(await sign(null, 'tester'), { kind: 'pin-needed' });
});

test('a kept PIN goes with the token, with the process that held it, with a wrong one and with its time', async t => {
  const token = openToken({ keepPinMs: 60_000 });
  t.after(() => token.close());
  const short = openToken({ keepPinMs: 300 });
  t.after(() => short.close());
  const sign = (typed: string | null, from = token) =>
    from.session(typed, ({ sign }) => sign(Buffer.from('документ')), 'tester');
  const keeps = async () => {
    assert.equal((await sign(pin)).kind, 'done');
    assert.ok(token.keepsPinOf('tester'));
  };
  const gone = async () => {
    assert.ok(!token.keepsPinOf('tester'));
    assert.deepEqual(await sign(null), { kind: 'pin-needed' });
  };
  await keeps();
  await setFault('pulled');
  assert.equal((await token.view()).state, 'absent');
  await clearFault('pulled');
  await gone();

  await keeps();
  assert.equal((await sign(wrongPin)).kind, 'pin-refused');
  await gone();

  await keeps();
  process.kill(token.hostPid() ?? 0, 'SIGKILL');
  assert.equal((await sign(null)).kind, 'fault');
  await gone();

  // An error of the token that is still there costs the session, not the PIN.
  await keeps();
  await setFault('broken');
  assert.deepEqual(await sign(null), { kind: 'fault', code: 'token.fault' });
  await clearFault('broken');
  assert.equal((await sign(null)).kind, 'done');

  assert.equal((await sign(pin, short)).kind, 'done');
  await setTimeout(400);
  assert.ok(!short.keepsPinOf('tester'));
  assert.deepEqual(await sign(null, short), { kind: 'pin-needed' });
});

test('without leave of the branch, or without a clerk, no PIN is kept', async t => {
  const [token, lenient] = [openToken(), openToken({ keepPinMs: 60_000 })];
  t.after(() => Promise.all([token.close(), lenient.close()]));
  await token.session(pin, async () => {}, 'tester');
  await lenient.session(pin, async () => {});
  assert.ok(!token.keepsPinOf('tester') && !lenient.keepsPinOf(''));
  assert.deepEqual(await token.session(null, async () => {}, 'tester'), { kind: 'pin-needed' });
  assert.deepEqual(await lenient.session(null, async () => {}), { kind: 'pin-needed' });
});

test('an error inside the work is thrown after the log-out, and calls wait for one another', async t => {
  const token = openToken();
  t.after(() => token.close());
  const failing = token.session(pin, async () => {
    throw new RangeError('work');
  });
  const following = token.sign({ pin, items });
  await assert.rejects(failing, RangeError);
  assert.equal((await following).kind, 'signed');
});

test('a module that is not installed names the package', async t => {
  const token = openToken({ modulePath: join(dir, 'nowhere.so') });
  t.after(() => token.close());
  assert.equal((await token.view()).code, 'setup.package-missing');
  assert.deepEqual(await token.sign({ pin, items }), { kind: 'fault', code: 'setup.package-missing' });
});

test('provisioning a second time changes nothing on the token', async () => {
  const certificate = join(dir, 'clerk', 'certificate.der');
  const before = { bytes: await readFile(certificate), changed: (await stat(certificate)).mtimeMs };
  const again = await provisionToken({
    dir: join(dir, 'clerk'),
    label: 'okno-clerk',
    pin: '00000000',
    soPin: '87654321',
    authority,
    owner,
  });
  assert.deepEqual(again, provisioned);
  assert.deepEqual(await readFile(certificate), before.bytes);
  assert.equal((await stat(certificate)).mtimeMs, before.changed);
});

test('no log line holds a PIN, whatever went wrong', async t => {
  const token = openToken();
  t.after(() => token.close());
  await token.sign({ pin: wrongPin, items });
  await setFault('broken');
  await token.sign({ pin, items });
  assert.match(logged, /token refused the PIN/);
  assert.match(logged, /CKR_DEVICE_ERROR/);
  assert.ok(!logged.includes(pin) && !logged.includes(wrongPin));
});

test('a token that is pulled out or plugged in is told without being asked', async t => {
  let plugs = 0;
  const service = openToken({ onPlug: () => plugs++ });
  t.after(async () => {
    await clearFault('pulled');
    await service.close();
  });
  assert.equal((await service.view()).state, 'ready');
  await setFault('pulled');
  await until(() => plugs === 1);
  assert.equal((await service.view()).state, 'absent');
  await clearFault('pulled');
  await until(() => plugs === 2);
  assert.equal((await service.view()).state, 'ready');
});
