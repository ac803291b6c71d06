import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { shippedRules } from '../../device/capture/kinds/rules.ts';
import { pileKind } from '../../device/core/arrangement.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { KindRules } from '../../protocol/kind-rules.ts';
import {
  addPage,
  branch,
  count,
  desk,
  me,
  openCase,
  recognised,
  required,
  start,
  view,
} from './case-setting.ts';

const [application = '', , certificate = ''] = required;
const technician = { ...me, login: 'technician', role: 'technician' } as const;
/** What the plain recogniser reads («Заявление о предоставлении субсидии») becomes a paper of the last kind. */
const other: KindRules = {
  ...shippedRules,
  strange: {
    title: { ru: 'Странная бумага', en: 'Strange paper' },
    satisfies: [certificate],
    beginsPaper: true,
    phrases: [{ words: 'предоставлении субсидии', weight: 10 }],
  },
};
const save = (rules: KindRules, over = desk().rules.digest()) =>
  desk().rules.replace(technician, rules, over);
const kindsProposed = async (caseId: string) =>
  (await desk().proposals.propose(caseId)).documents.flatMap(({ kind, pages }) => pages.map(() => kind));
const refusedWith = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

test('saved rules are used by the next proposal and the next check, without a restart and after one', async () => {
  await start();
  const caseId = await openCase();
  await addPage(caseId, pileKind);
  const single = await openCase();
  await addPage(single, application);
  await recognised(caseId);
  await recognised(single);
  assert.ok(!(await kindsProposed(caseId)).includes(certificate));
  const warned = async () => (await view(single)).warnings.map(({ code }) => code);
  assert.ok(!(await warned()).includes('looks-like'));

  await save(other);
  assert.deepEqual(await kindsProposed(caseId), [certificate]);
  assert.ok((await warned()).includes('looks-like'));
  await branch.restart();
  assert.deepEqual(await kindsProposed(caseId), [certificate]);
  assert.equal(desk().rules.changed()?.by, 'technician');

  await save(shippedRules);
  assert.equal(desk().rules.changed(), null);
  assert.ok(!(await kindsProposed(caseId)).includes(certificate));
  await branch.restart();
  assert.deepEqual(desk().rules.current(), shippedRules);
});

test('who changed the rules is a fact with the digest of the rules, whose bytes are kept', async () => {
  await start();
  await save(other);
  const [fact] = desk()
    .journal.read(0, 100)
    .filter(({ type }) => type === 'kinds.rules-changed');
  assert.ok(fact);
  const { rules, technician: by } = fact.body as { rules: { sha256: string }; technician: string };
  assert.equal(by, 'technician');
  assert.equal(rules.sha256, desk().rules.digest());
  assert.deepEqual(JSON.parse(String(await desk().blobs.get(rules.sha256))), other);
});

test('F02 damaged or missing rules cost a warning: the box starts with the shipped ones', async () => {
  await start();
  await save(other);
  const digest = desk().rules.digest();
  const path = join(branch.dir, 'blobs', digest.slice(0, 2), digest);
  for (const damage of [() => writeFile(path, '{"snils":'), () => writeFile(path, '{}'), () => rm(path)]) {
    await branch.restart(damage);
    assert.deepEqual(desk().rules.current(), shippedRules);
  }
  // They can be saved anew.
  await save(other);
  await branch.restart();
  assert.deepEqual(desk().rules.current(), other);
});

test('rules that are wrong, or that somebody else changed meanwhile, change nothing', async () => {
  await start();
  const first = desk().rules.digest();
  await assert.rejects(
    save({ other: shippedRules.snils } as KindRules),
    refusedWith('capture.rules-refused'),
  );
  const saves = await Promise.allSettled([
    save(other, first),
    save({ ...other, inn: other.strange } as KindRules, first),
  ]);
  assert.deepEqual(saves.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  await assert.rejects(save(shippedRules, 'f'.repeat(64)), refusedWith('capture.rules-changed'));
  assert.equal(count('kinds.rules-changed'), 1);
  // The same wish again, after a lost answer, is no second change.
  await save(desk().rules.current(), first);
  assert.equal(count('kinds.rules-changed'), 1);
});
