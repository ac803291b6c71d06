import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVoice } from '../../device/sound/voice.ts';

test('the box speaks Russian, English and Tatar into files whose length is true', async t => {
  const voice = createVoice();
  if (!(await voice.isThere())) return t.skip('espeak-ng is not installed');
  for (const language of ['ru', 'en', 'tt']) {
    const wav = await voice.say('Окно 3', language);
    assert.equal(wav.toString('latin1', 0, 4), 'RIFF');
    assert.equal(wav.readUInt32LE(4), wav.length - 8);
    assert.equal(wav.readUInt32LE(40), wav.length - 44);
    assert.ok(wav.length > 20_000, `${language}: ${wav.length}`);
  }
  const [first, second] = await Promise.all([voice.say('Раз', 'ru'), voice.say('Раз', 'ru')]);
  assert.ok(first.equals(second), 'two who ask at once hear the same');
});

test('a voice that everybody asks at once refuses the last ones and speaks again afterwards', async t => {
  const voice = createVoice();
  if (!(await voice.isThere())) return t.skip('espeak-ng is not installed');
  const asked = await Promise.allSettled(Array.from({ length: 14 }, (_, n) => voice.say(`${n}`, 'ru')));
  const refused = asked.filter(answer => answer.status === 'rejected');
  assert.deepEqual(
    refused.map(({ reason }) => reason.code),
    ['sound.no-voice', 'sound.no-voice'],
  );
  assert.ok((await voice.say('Раз', 'ru')).length > 0);
});
