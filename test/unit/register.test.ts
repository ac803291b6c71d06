import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { findAgreement, Register, type Service } from '../../protocol/register.ts';
import seed from '../../provisioning/demonstration/register.json' with { type: 'json' };

const validator = Compile(Register);
assert.ok(validator.Check(seed), 'the demonstration register breaks its schema');
const register: Register = seed;

/** A day on which the demonstration's agreements are in force. */
const day = '2025-06-16';
const icons = ['house', 'passport', 'tax', 'social', 'family', 'land', 'business', 'transport'];

const repeated = (values: readonly string[]) => values.filter((value, at) => values.indexOf(value) !== at);

function service(id: string): Service {
  const found = register.services.find(candidate => candidate.id === id);
  assert.ok(found, `no service ${id}`);
  return found;
}

test('the demonstration register has 8 categories, 40 services and 6 agencies', () => {
  assert.equal(register.categories.length, 8);
  assert.equal(register.services.length, 40);
  assert.equal(register.agencies.length, 6);
});

test('every category has an own ticket letter, an icon that pages can draw, and services', () => {
  assert.deepEqual(repeated(register.categories.map(category => category.letter)), []);
  assert.deepEqual(
    register.categories.map(category => category.icon).filter(icon => !icons.includes(icon)),
    [],
  );
  for (const category of register.categories) {
    const count = register.services.filter(({ categoryId }) => categoryId === category.id).length;
    assert.ok(count >= 3, `category ${category.id} has ${count} services`);
  }
});

test('ids and titles name one thing each', () => {
  for (const list of [register.categories, register.agencies, register.services, register.agreements]) {
    assert.deepEqual(repeated(list.map(({ id }) => id)), []);
  }
  for (const language of ['ru', 'en'] as const) {
    assert.deepEqual(repeated(register.services.map(({ title }) => title[language])), []);
    assert.deepEqual(repeated(register.services.map(({ short }) => short[language])), []);
  }
});

test('every reference leads to something that exists', () => {
  const categories = new Set(register.categories.map(({ id }) => id));
  const agencies = new Set(register.agencies.map(({ id }) => id));
  for (const { id, categoryId, agencyId } of register.services) {
    assert.ok(categories.has(categoryId), `${id} is in unknown category ${categoryId}`);
    assert.ok(agencies.has(agencyId), `${id} belongs to unknown agency ${agencyId}`);
  }
  for (const agreement of register.agreements) {
    assert.ok(agencies.has(agreement.agencyId), `${agreement.id} is with unknown ${agreement.agencyId}`);
    for (const serviceId of agreement.serviceIds) {
      assert.equal(service(serviceId).agencyId, agreement.agencyId, `${agreement.id} covers ${serviceId}`);
    }
  }
});

test('a short title fits on a ticket', () => {
  const tooLong = register.services.filter(({ short }) => short.ru.length > 48 || short.en.length > 48);
  assert.deepEqual(tooLong, []);
});

test('a checklist begins with a required application and names each kind of document once', () => {
  for (const { id, documents } of register.services) {
    assert.ok(documents.length >= 2 && documents.length <= 5, `${id} asks for ${documents.length} documents`);
    assert.deepEqual([documents[0]?.kind, documents[0]?.required], ['application', true], id);
    assert.deepEqual(repeated(documents.map(({ kind }) => kind)), [], id);
  }
});

test('people find services by the words they use', () => {
  for (const { id, keywords } of register.services) {
    assert.ok(keywords.length >= 2, `${id} has ${keywords.length} keywords`);
    assert.deepEqual(
      keywords.filter(word => word !== word.toLowerCase()),
      [],
      `${id}: search folds case, so keywords are kept in lower case`,
    );
  }
  const said = (word: string) => register.services.filter(({ keywords }) => keywords.includes(word));
  assert.deepEqual(
    said('загран').map(({ id }) => id),
    ['foreign-passport'],
  );
  assert.deepEqual(
    said('прописка').map(({ id }) => id),
    ['residence-registration'],
  );
  assert.deepEqual(
    said('материнский капитал').map(({ id }) => id),
    ['maternity-capital'],
  );
});

test('the service of the demonstration visit asks for exactly its four documents', () => {
  const { agencyId, documents } = service('housing-subsidy');
  assert.equal(agencyId, 'social');
  assert.deepEqual(
    documents.map(({ kind, required }) => [kind, required]),
    [
      ['application', true],
      ['snils', true],
      ['certificate', true],
      ['contract', false],
    ],
  );
});

test('LED-3.1 all services but two are covered by an agreement in force', () => {
  const uncovered = register.services.filter(({ id }) => !findAgreement(register, id, day));
  assert.deepEqual(
    uncovered.map(({ id }) => id),
    ['resident-parking', 'heavy-vehicle-permit'],
  );
});

test('LED-3.1 an agreement counts from its first day to its last and not a day longer', () => {
  const found = (on: string) => findAgreement(register, 'resident-parking', on)?.id;
  assert.equal(found('2021-05-31'), undefined);
  assert.equal(found('2021-06-01'), 'municipal-parking-agreement');
  assert.equal(found('2024-05-31'), 'municipal-parking-agreement');
  assert.equal(found('2024-06-01'), undefined);
});

test('LED-3.1 a service that no agreement names is refused on any day', () => {
  for (const on of ['1999-01-01', day, '2099-12-31']) {
    assert.equal(findAgreement(register, 'heavy-vehicle-permit', on), undefined);
  }
});
