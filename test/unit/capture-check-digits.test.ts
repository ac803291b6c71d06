import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkAccount } from '../../device/capture/fields/bank.ts';
import { checkInn } from '../../device/capture/fields/inn.ts';
import { checkOgrn } from '../../device/capture/fields/ogrn.ts';
import { checkSnils } from '../../device/capture/fields/snils.ts';
import { singleErrors, transpositions } from '../fixtures/digit-errors.ts';
import { people } from '../fixtures/people.ts';

const organisation = { inn: '9900123467', ogrn: '1029900123461', trader: '304990012345678' };
/** The examples of the Bank of Russia's order 515 of 1997. */
const bank = { bik: '049805746', account: '40602810700000000025', correspondent: '30101810800000000746' };

/** Numbers made from `digits` by `change` that the check lets through. */
const passing = (wrong: string[], check: (digits: string) => string) =>
  wrong.filter(digits => check(digits) === 'passed');

describe('every single wrong digit is caught', () => {
  const numbers: [what: string, check: (digits: string) => string, digits: string[]][] = [
    ['in СНИЛС', checkSnils, people.map(({ snils }) => snils.replace(/\D/g, ''))],
    ['in ИНН of a person', checkInn, people.map(({ inn }) => inn)],
    ['in ИНН of an organisation', checkInn, [organisation.inn]],
    ['in ОГРН', checkOgrn, [organisation.ogrn]],
    ['in ОГРНИП', checkOgrn, [organisation.trader]],
    ['in an account', digits => checkAccount(digits, bank.bik), [bank.account]],
  ];
  for (const [what, check, all] of numbers)
    test(what, () => {
      for (const digits of all) {
        assert.equal(check(digits), 'passed', digits);
        assert.deepEqual(passing(singleErrors(digits), check), []);
      }
    });
});

test('in a correspondent account too, but for its first three digits: they say how the bank counts', () => {
  const check = (digits: string) => checkAccount(digits, bank.bik);
  assert.equal(check(bank.correspondent), 'passed');
  for (const wrong of passing(singleErrors(bank.correspondent), check))
    assert.equal(wrong.slice(3), bank.correspondent.slice(3));
});

describe('neighbours that changed places', () => {
  test('are caught in СНИЛС, ИНН and ОГРН', () => {
    for (const { snils, inn } of people) {
      const wrong = (digits: string) => transpositions(digits).map(each => each.wrong);
      assert.deepEqual(passing(wrong(snils.replace(/\D/g, '')), checkSnils), []);
      assert.deepEqual(passing(wrong(inn), checkInn), []);
    }
    for (const ogrn of [organisation.ogrn, organisation.trader])
      assert.deepEqual(
        passing(
          transpositions(ogrn).map(each => each.wrong),
          checkOgrn,
        ),
        [],
      );
  });

  test('are missed in an account exactly when they differ by 5', () => {
    const account = accountWithKey('40817810?16385027498');
    const missed = transpositions(account).filter(({ wrong }) => checkAccount(wrong, bank.bik) === 'passed');
    assert.ok(missed.length > 0);
    assert.deepEqual(
      missed,
      transpositions(account).filter(({ pair: [a, b] }) => Math.abs(Number(a) - Number(b)) === 5),
    );
  });
});

test('numbers in the blind spots are known: one wrong digit passes there', () => {
  // ИНН: remainders 0 and 10. СНИЛС: sums 0, 100 and 101. ОГРН: 0 and 10; ОГРНИП also 1 and 11, 2 and 12.
  assert.deepEqual([checkInn('9900123450'), checkInn('4900123450')], ['passed', 'passed']);
  assert.deepEqual([checkSnils('08765430300'), checkSnils('08765430200')], ['passed', 'passed']);
  const blind = Array.from({ length: 200 }, (_, at) => (102_990_012_300n + BigInt(at)).toString())
    .map(start => `${start}${(BigInt(start) % 11n) % 10n}`)
    .filter(ogrn => passing(singleErrors(ogrn), checkOgrn).length > 0);
  assert.ok(blind.length > 0);
  assert.ok(blind.every(ogrn => ogrn.endsWith('0')));
});

test('an account without a БИК, and a treasury account, has nothing to be held against', () => {
  assert.equal(checkAccount(bank.account, undefined), 'none');
  assert.equal(checkAccount('03100643000000015800', bank.bik), 'none');
});

function accountWithKey(pattern: string): string {
  for (let key = 0; key < 10; key++) {
    const account = pattern.replace('?', String(key));
    if (checkAccount(account, bank.bik) === 'passed') return account;
  }
  throw new Error('some key always fits');
}
