import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { RegionView } from '../../protocol/api/centre.ts';
import type { Service } from '../../protocol/register.ts';
import { buildUi } from '../../ui/build.ts';
import { sortByTrouble } from '../../ui/operator/trouble-order.ts';
import { findServices } from '../../ui/shared/find-services.ts';
import { newId } from '../../ui/shared/new-id.ts';

const gzipLimitBytes = 150_000;

test('every page is built small, without inline code and without addresses outside the box', async t => {
  const out = await mkdtemp(path.join(tmpdir(), 'okno-ui-'));
  t.after(() => rm(out, { recursive: true, force: true }));
  const { pages, assetsDir } = await buildUi(out);
  assert.deepEqual(Object.keys(pages).sort(), [
    'appointments',
    'archive',
    'board',
    'check',
    'clerk',
    'copies',
    'forecast',
    'hall',
    'kiosk',
    'not-found',
    'operator',
    'technician',
    'ticket',
    'ticket-editor',
    'trainer',
  ]);
  for (const [name, { html, gzipBytes }] of Object.entries(pages)) {
    assert.ok(gzipBytes < gzipLimitBytes, `${name}: ${gzipBytes}`);
    const text = await readFile(html, 'utf8');
    assert.doesNotMatch(text, /<style|<script(?![^>]* src=)|style="|https?:/, name);
    for (const [, file] of text.matchAll(/"\/assets\/([^"]+)"/g))
      assert.ok((await readdir(assetsDir)).includes(file ?? ''), `${name}: ${file}`);
  }
  const files = await readdir(assetsDir);
  for (const file of files.filter(name => name.endsWith('.css')))
    assert.doesNotMatch(await readFile(path.join(assetsDir, file), 'utf8'), /url\(["']?https?:/, file);
});

const service = (id: string, ru: string, keywords: string[] = []): Service => ({
  id,
  categoryId: 'c',
  agencyId: 'a',
  title: { ru, en: id },
  short: { ru, en: id },
  keywords,
  normWorkingDays: 1,
  receptionMinutes: 10,
  feeRoubles: 0,
  documents: [{ kind: 'application', title: { ru: 'Заявление', en: 'Application' }, required: true }],
  resultTitle: { ru: 'Справка', en: 'Certificate' },
});

test('services are found by beginnings of words, whatever the case and «ё»', () => {
  const services = [
    service('subsidy', 'Субсидия на оплату жилья', ['паспорт дома']),
    service('passport', 'Выдача паспорта ребёнка'),
  ];
  const ids = (wish: string) => findServices(services, wish).map(({ id }) => id);
  assert.deepEqual(ids('ПАСП'), ['passport', 'subsidy'], 'titles come before keywords');
  assert.deepEqual(ids('паспорт ребенк'), ['passport']);
  assert.deepEqual(ids('спорт'), []);
  assert.deepEqual(ids('  '), []);
});

test('branches with trouble come first, then those where most people wait', () => {
  const box = (name: string, change: Partial<RegionView['boxes'][number]>) => ({
    box: name,
    name: { ru: name, en: name },
    link: 'connected' as const,
    since: null,
    waiting: 0,
    serving: 0,
    servedToday: 0,
    facts: 0,
    missing: 0,
    software: null,
    outbox: null,
    ...change,
  });
  const sorted = sortByTrouble([
    box('quiet', {}),
    box('busy', { waiting: 30 }),
    box('new', { link: 'never-seen' }),
    box('cut-off', { link: 'offline', waiting: 2 }),
    box('gaps', { missing: 4 }),
  ]);
  assert.deepEqual(
    sorted.map(one => one.box),
    ['gaps', 'cut-off', 'new', 'busy', 'quiet'],
  );
});

test('wishes get identifiers of their own, in the form that the contract asks for', () => {
  const ids = Array.from({ length: 100 }, newId);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids)
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
