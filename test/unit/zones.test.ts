import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Served } from '../../device/core/calling.ts';
import { windowsServing, zoneText } from '../../device/core/zones.ts';
import type { Purpose, Skill } from '../../protocol/hall-rules.ts';

const zone = (id: string, ru: string, ...windows: string[]) => ({ id, title: { ru, en: id }, windows });
const zones = [zone('left', 'Зал 1', '1', '2', '3', '4'), zone('right', 'Зал 2', '7', '9')];
const open = (window: string, ...purposes: Purpose[]) => {
  const skills: Skill[] | null =
    purposes.length === 0 ? null : purposes.map(purpose => ({ purpose, weight: 5 }));
  return { window, skills };
};
const wish = (purpose: Purpose, forWindow: string | null = null): Served => ({
  ...{ forWindow, purpose, serviceId: 'land', categoryId: 'property' },
});

test('issue 6: the paper names the zone whose open windows serve the wish, and none while that is not sure', () => {
  const windows = [open('2', 'submit'), open('3', 'submit'), open('9', 'result'), open('12', 'consult')];
  const cases: [string, string, Served][] = [
    ['one zone', 'Зал 1, окна 1–4', wish('submit')],
    ['windows that are no row', 'Зал 2, окна 7, 9', wish('result')],
    ['a window of its own', 'Зал 2, окна 7, 9', wish('submit', '9')],
    ['a window of no zone', '', wish('consult')],
    ['nobody serves it now, so any of two zones', '', wish('appointment')],
  ];
  for (const [what, text, asked] of cases) assert.equal(zoneText(zones, windows, asked), text, what);
  assert.equal(zoneText(zones, [open('1'), open('7')], wish('submit')), '', 'both zones serve it');
  assert.equal(
    zoneText([zone('all', 'Зал', '1')], [], wish('submit')),
    'Зал, окно 1',
    'the only zone, all closed',
  );
  assert.equal(zoneText([zone('all', 'Холл')], [], wish('submit')), 'Холл');
  assert.equal(zoneText([zone('all', 'Холл', '1', '3', '4')], [], wish('submit')), 'Холл, окна 1, 3, 4');
});

test('issue 7: the line of a zone holds whom its windows serve, and everybody while that is not sure', () => {
  const windows = [open('2', 'submit'), open('9', 'result', 'submit')];
  assert.deepEqual(windowsServing(windows, wish('result')), ['9']);
  assert.equal(windowsServing(windows, wish('submit')), null);
  assert.equal(windowsServing(windows, wish('consult')), null);
  assert.equal(windowsServing([], wish('submit')), null);
});
