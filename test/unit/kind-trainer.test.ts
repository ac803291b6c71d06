import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { classify } from '../../device/capture/kinds/classify.ts';
import { pageOfText } from '../../device/capture/kinds/page-of-text.ts';
import { shippedRules } from '../../device/capture/kinds/rules.ts';
import { maskPage } from '../../device/trainer/mask-page.ts';
import { openSamples } from '../../device/trainer/sample-store.ts';
import { suggestPhrases } from '../../device/trainer/suggest-phrases.ts';
import { AppError } from '../../protocol/app-error.ts';
import { silentLog } from '../fixtures/branch.ts';
import { kindTexts } from '../fixtures/kind-texts.ts';
import { passports } from '../fixtures/passport-zone.ts';
import { people } from '../fixtures/people.ts';
import { mountSmall } from '../fixtures/small-disk.ts';

const keep = new Set(
  Object.values(shippedRules).flatMap(({ phrases }) => phrases.flatMap(({ words }) => words.split(' '))),
);
const masked = (text: string) => maskPage(pageOfText(text), keep);
const textOf = (page: { words: { text: string }[] }) => page.words.map(({ text }) => text).join(' ');
/** Words of invented names; the placeholder is one of them. */
const names = [...people.flatMap(({ name, nameOf }) => [name, nameOf]), ...passports.map(({ name }) => name)]
  .flatMap(name => name.split(' '))
  .filter(name => !/^Пример/.test(name));

describe('a sample of a kind', () => {
  test('holds no digit and no invented name, and means the same to the rules', () => {
    for (const [kind, text] of kindTexts) {
      const page = masked(text);
      const left = textOf(page);
      assert.doesNotMatch(left, /[1-9]/);
      for (const name of names)
        assert.doesNotMatch(left, new RegExp(`(?<!\\p{L})${name}(?!\\p{L})`, 'iu'), `${kind}: ${name}`);
      assert.equal(classify([page], shippedRules).kind, classify([pageOfText(text)], shippedRules).kind);
      assert.deepEqual(maskPage(page, keep), page, 'masking again changes nothing');
    }
  });

  test('loses names in any case, alone, beside initials and in machine-readable lines', () => {
    for (const { name, nameOf } of people.slice(1)) {
      const [surname = '', given = '', middle = ''] = name.split(' ');
      const left = textOf(
        masked(
          `Заявление от ${nameOf}\nзаявитель: ${name.toUpperCase()},\n${surname} ${given.slice(0, 1)}. ${middle.slice(0, 1)}.\nПодпись ${surname}`,
        ),
      );
      for (const word of `${name} ${nameOf}`.split(' '))
        assert.doesNotMatch(left, new RegExp(word, 'iu'), left);
      assert.match(left, /Заявление от .* заявитель: .*Подпись Примеров$/);
    }
    assert.equal(textOf(masked('с согласия Пробы Шаблоновны.')), 'с согласия Примеров Примеров.');
    assert.equal(textOf(masked('Выдано Петровой Анне, дом 12-б')), 'Выдано Примеров Примеров, дом 00-б');
    assert.equal(
      textOf(masked('PNRUSMAKETOVA<<PROBA<WABLONOVNA<<<<<<<<<<<<<')).replaceAll('<', ''),
      'XXXXXXXXXXXXXXXXXXXXXXXXXXXX',
    );
  });

  test('keeps what it knew of a passport whose digits are gone', () => {
    const [, text = ''] = kindTexts.find(([kind]) => kind === 'passport-main') ?? [];
    assert.ok(masked(text).hasPassportZone);
    assert.ok(maskPage(masked(text), keep).hasPassportZone);
  });
});

describe('samples', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'okno-samples-'));
  after(() => rm(folder, { recursive: true, force: true }));
  const sample = (text: string, kind = 'snils') => ({
    ...{ kind, source: 'file' as const, addedAt: '2026-11-22T08:00:00.000Z' },
    page: masked(text),
  });

  test('are there after a restart, once each, and the last word about the kind counts', async () => {
    const samples = openSamples(folder, silentLog);
    const id = await samples.add(sample('Страховое свидетельство'));
    assert.equal(await samples.add(sample('Страховое свидетельство', 'inn')), id);
    await samples.add(sample('Другой лист'));
    const again = openSamples(folder, silentLog);
    assert.equal((await again.ids()).length, 2);
    assert.equal((await again.find(id))?.kind, 'inn');
    for (let times = 0; times < 2; times++) await again.remove(id);
    assert.equal(await again.find(id), undefined);
  });

  test('F02 one that is damaged is left out, and the others are there', async () => {
    const samples = openSamples(folder, silentLog);
    const id = await samples.add(sample('Третий лист'));
    for (const damage of ['', '{"kind":', '{"kind":"snils"}']) {
      await writeFile(join(folder, `${id}.json`), damage);
      assert.equal(await samples.find(id), undefined);
    }
    await samples.add(sample('Третий лист'));
    assert.equal((await samples.find(id))?.kind, 'snils');
  });

  test('F04 a full disk refuses a sample by its name and keeps those before', async t => {
    const small = mountSmall(256 * 1024);
    if (!small) return t.skip('needs the right to mount');
    t.after(small.unmount);
    const samples = openSamples(small.dir, silentLog);
    const kept: string[] = [];
    const fill = async () => {
      for (;;)
        kept.push(await samples.add(sample(`Лист ${'слово '.repeat(100)}${'х'.repeat(kept.length + 1)}`)));
    };
    await assert.rejects(
      fill,
      (error: unknown) => error instanceof AppError && error.code === 'journal.disk-full',
    );
    assert.ok(kept.length > 2);
    assert.deepEqual(await samples.ids(), kept.toSorted());
    for (const id of kept) assert.ok(await samples.find(id));
  });

  test('are five hundred at most', async () => {
    const samples = openSamples(folder, silentLog);
    for (let made = (await samples.ids()).length; made < 500; made++)
      await writeFile(join(folder, `${made.toString(16).padStart(64, '0')}.json`), '');
    const tooMany = (error: unknown) =>
      error instanceof AppError && error.code === 'capture.too-many-samples';
    await assert.rejects(samples.add(sample('Ещё один')), tooMany);
    await samples.add(sample('Третий лист'));
  });
});

describe('suggested phrases', () => {
  const words = (text: string) => text.split(' ');
  test('stand in this kind’s samples and in few others', () => {
    const found = suggestPhrases(
      [
        { kind: 'card', words: words('карта москвича выдана городом номер 0000 примеров') },
        { kind: 'card', words: words('город карта москвича номер 0000 выдана банком') },
        { kind: 'snils', words: words('страховой номер выдана фондом 0000 примеров') },
        { kind: 'inn', words: words('налоговый номер выдана инспекцией') },
      ],
      'card',
    );
    assert.deepEqual(
      { ...found[0], weight: 0 },
      { words: 'карта москвича', weight: 0, here: 2, elsewhere: 0 },
    );
    for (const { words: phrase, weight, here, elsewhere } of found) {
      assert.ok(weight >= 1 && weight <= 5 && here > elsewhere, phrase);
      assert.doesNotMatch(phrase, /\d|примеров/);
    }
  });

  test('are none for a kind without samples, nor of what stands everywhere', () => {
    assert.deepEqual(suggestPhrases([{ kind: 'inn', words: words('налоговый номер') }], 'snils'), []);
    const same = words('бланк общего образца');
    assert.deepEqual(
      suggestPhrases(
        [
          { kind: 'a', words: same },
          { kind: 'b', words: same },
          { kind: 'c', words: same },
        ],
        'a',
      ),
      [],
    );
  });
});
