import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '../../protocol/register.ts';
import { type Call, createAnnouncer, ofBoard } from '../../ui/board/calls.ts';
import { readOptions } from '../../ui/board/options.ts';
import { createScanReader } from '../../ui/kiosk/scanned-codes.ts';
import { mayPass } from '../../ui/kiosk/stay-inside.ts';
import { findServices } from '../../ui/shared/find-services.ts';
import { languages } from '../../ui/shared/languages.ts';
import { publicWords } from '../../ui/shared/words/public-words.ts';

const service = (id: string, ru: string, en: string, keywords: string[] = []): Service => ({
  id,
  categoryId: 'c',
  agencyId: 'a',
  title: { ru, en },
  short: { ru, en },
  keywords,
  normWorkingDays: 1,
  receptionMinutes: 10,
  feeRoubles: 0,
  documents: [{ kind: 'application', title: { ru: 'Заявление', en: 'Application' }, required: true }],
  resultTitle: { ru: 'Справка', en: 'Certificate' },
});
const services = [
  service('foreign', 'Выдача заграничного паспорта', 'International passport', ['загранпаспорт']),
  service('subsidy', 'Субсидия на оплату жилья', 'Housing subsidy'),
  service('licence', 'Замена водительского удостоверения', 'Driving licence', ['права']),
];
const ids = (wish: string) => findServices(services, wish).map(({ id }) => id);

test('KEM-6 a service is found in the wrong keyboard layout and with a slip of the finger', () => {
  assert.deepEqual(ids('загран'), ['foreign']);
  assert.deepEqual(ids('pfuhfy'), ['foreign'], 'the Russian word on Latin keys');
  assert.deepEqual(ids('зфыызщке'), ['foreign'], 'the English word on Russian keys');
  assert.deepEqual(ids('ce,cblbz'), ['subsidy'], 'commas are letters there');
  for (const slip of ['субсдия', 'субисдия', 'субссидия', 'сувсидия'])
    assert.deepEqual(ids(slip), ['subsidy'], slip);
  assert.deepEqual(ids('суб жилья'), ['subsidy']);
  assert.deepEqual(ids('прх'), [], 'short words are taken as they are');
  assert.deepEqual(ids('трактор'), []);
});

test('every language says every public phrase with the values that the Russian one has', () => {
  const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(match => match[1]).sort();
  const extra = Object.entries(languages).filter(([id]) => id !== 'ru' && id !== 'en');
  assert.ok(extra.length > 0);
  // The log-in and the search of documents are for those who work here.
  const spoken = Object.entries(publicWords).filter(([key]) => !/^(login|search|size)(\.|$)/.test(key));
  assert.ok(spoken.length > 100);
  for (const [id, { words }] of extra)
    for (const [key, { ru }] of spoken) {
      const said = (words as Record<string, string>)[key];
      assert.ok(said, `${id}: ${key}`);
      assert.deepEqual(names(said), names(typeof ru === 'string' ? ru : ru.other), `${id}: ${key}`);
    }
});

test('keys that lead out of the kiosk do nothing; those that type and walk work', () => {
  const plain = { ctrlKey: false, altKey: false, metaKey: false, shiftKey: false };
  for (const key of ['F1', 'F5', 'F11', 'F12', 'BrowserBack', 'ContextMenu', 'Meta', 'Alt', 'LaunchMail'])
    assert.equal(mayPass({ ...plain, key }), false, key);
  assert.equal(mayPass({ ...plain, key: 'ArrowLeft', altKey: true }), false);
  for (const key of ['r', 'w', '+', '-', '0', 'p', 's', 'Tab'])
    assert.equal(mayPass({ ...plain, key, ctrlKey: true }), false);
  assert.equal(mayPass({ ...plain, key: 'F10', shiftKey: true }), false);
  for (const key of ['ж', 'q', '7', ' ', 'Enter', 'Tab', 'Escape', 'Backspace', 'ArrowDown'])
    assert.equal(mayPass({ ...plain, key }), true, key);
  assert.equal(mayPass({ ...plain, key: 'Tab', shiftKey: true }), true);
  assert.equal(mayPass({ ...plain, key: 'Ж', shiftKey: true }), true);
});

test('what a barcode scanner types is a code and presses nothing; what a hand types is neither', () => {
  const codes: string[] = [];
  const read = createScanReader(code => codes.push(code));
  const type = (text: string, gapMs: number, fromMs: number) =>
    [...text].map((key, index) => read(key, fromMs + index * gapMs));
  assert.deepEqual(type('12 345', 5, 0), ['pass', 'pass', 'swallow', 'pass', 'pass', 'pass']);
  assert.equal(read('Enter', 35), 'swallow');
  type('123456', 150, 1000);
  assert.equal(read('Enter', 2000), 'pass');
  type('1234', 5, 3000);
  assert.equal(read('Enter', 3025), 'pass');
  assert.deepEqual(codes, ['12 345']);
});

const call = (number: string, window = '1'): Call => ({
  number,
  window,
  calledAt: '2026-11-23T09:00:00.000Z',
});

test('calls are spoken one after the other, briefly when many wait, and never when they are old', async () => {
  const spoken: string[] = [];
  let nowMs = 0;
  let finish = () => {};
  const announcer = createAnnouncer({
    languages: ['ru', 'en'],
    nowMs: () => nowMs,
    speak: (one, inLanguages) => {
      spoken.push(`${one.number} ${inLanguages.join('+')}`);
      return new Promise(resolve => {
        finish = resolve;
      });
    },
  });
  const end = async () => {
    finish();
    await new Promise(resolve => setImmediate(resolve));
  };
  announcer.add([call('А01')]);
  assert.deepEqual(spoken, ['А01 ru+en']);
  announcer.add([call('А02'), call('А03'), call('А04')]);
  assert.equal(spoken.length, 1, 'nobody speaks into a call');
  await end();
  assert.equal(spoken.at(-1), 'А02 ru', 'two more wait');
  await end();
  assert.equal(spoken.at(-1), 'А03 ru+en');
  nowMs = 61_000;
  await end();
  assert.equal(spoken.length, 3, 'a call of a minute ago is on the board');
  announcer.add([call('А05')]);
  assert.equal(spoken.at(-1), 'А05 ru+en');
});

test('a board shows its zone, a plate its window, and an unknown zone shows everything', () => {
  const view = {
    called: [call('А01', '1'), call('А02', '2'), call('А03', '3')],
    waiting: [
      { number: 'Б01', windows: null },
      { number: 'Б02', windows: ['3', '4'] },
    ],
    zones: [{ id: 'left', title: { ru: 'Слева', en: 'Left' }, windows: ['1', '2'] }],
  };
  const shown = (search: string) => {
    const { called, waiting } = ofBoard(view, readOptions(search));
    return [...called, ...waiting].map(({ number }) => number).join(' ');
  };
  assert.equal(shown(''), 'А01 А02 А03 Б01 Б02');
  assert.equal(shown('?zone=left'), 'А01 А02 Б01');
  assert.equal(shown('?zone=gone'), 'А01 А02 А03 Б01 Б02');
  assert.equal(shown('?window=3'), 'А03 Б01 Б02');
  assert.equal(readOptions('?window=3').sounds, false);
  assert.deepEqual(readOptions('?languages=ru,%3Cb%3E').languages, ['ru']);
});
