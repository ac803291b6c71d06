import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { createStreebog, streebog } from '../../protocol/gost/streebog.ts';

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

// RFC 6986 section 10 prints messages and digests as numbers; these are their bytes as programs exchange them.
const examples = [
  {
    name: 'M1',
    message: Buffer.from('012345678901234567890123456789012345678901234567890123456789012'),
    256: '9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500',
    512: [
      '1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa',
      '00ad30f8767b3a82384c6574f024c311e2a481332b08ef7f41797891c1646f48',
    ].join(''),
  },
  {
    name: 'M2',
    // «Се ветри, Стрибожи внуци, веютъ с моря стрелами на храбрыя плъкы Игоревы» in Windows-1251.
    message: Buffer.from(
      [
        'd1e520e2e5f2f0e82c20d1f2f0e8e1eee6e820e2edf3f6e82c20e2e5fef2fa20f120eceef0ff20f1f2f0e5ebe0ece820',
        'ede020f5f0e0e1f0fbff20efebfaeafb20c8e3eef0e5e2fb',
      ].join(''),
      'hex',
    ),
    256: '9dd2fe4e90409e5da87f53976d7405b0c0cac628fc669a741d50063c557e8f50',
    512: [
      '1e88e62226bfca6f9994f1f2d51569e0daf8475a3b0fe61a5300eee46d961376',
      '035fe83549ada2b8620fcd7c496ce5b33f0cb9dddc2b6460143b03dabac9fb28',
    ].join(''),
  },
] as const;

for (const bits of [256, 512] as const) {
  for (const { name, message, [bits]: expected } of examples) {
    test(`RFC 6986 section 10: Streebog-${bits} of ${name}`, () => {
      assert.equal(hexOf(streebog(bits, message)), expected);
    });
  }

  test(`Streebog-${bits} is the same however the bytes come in pieces`, () => {
    const bytes = Buffer.from(Array.from({ length: 100_003 }, (_, index) => (index * index) % 251));
    const whole = hexOf(streebog(bits, bytes));
    for (let round = 0; round < 40; round++) {
      const digest = createStreebog(bits);
      for (let from = 0; from < bytes.length; ) {
        const size = randomInt(randomInt(1, 4) === 1 ? 60_000 : 140);
        digest.update(bytes.subarray(from, from + size));
        from += size;
      }
      assert.equal(hexOf(digest.digest()), whole);
    }
  });
}

test('digests that are fed in turn do not disturb each other', () => {
  const [one, other] = [createStreebog(256), createStreebog(512)];
  for (const { message } of examples) {
    one.update(message);
    other.update(message);
  }
  const both = Buffer.concat(examples.map(({ message }) => message));
  assert.equal(hexOf(one.digest()), hexOf(streebog(256, both)));
  assert.equal(hexOf(other.digest()), hexOf(streebog(512, both)));
});

test('the sum of blocks carries over all 512 bits', () => {
  // Two blocks of ones: their sum overflows in every word (RFC 6986 section 9.2).
  assert.equal(
    hexOf(streebog(256, new Uint8Array(128).fill(0xff))),
    '4749bfc37b7ddad7c745dc2da1fb22619f70154c064ae3b6cb34bc2b2c0827c1',
  );
});
