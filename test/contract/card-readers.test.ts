import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { identify, readUid } from '../../device/peripherals/card-readers/profiles.ts';
import { type CardService, startCardService } from '../../device/peripherals/transports/pcsc.ts';
import { silentLog } from '../fixtures/branch.ts';
import { until } from '../fixtures/until.ts';
import { residentCard, type SimulatedCard, strangersCard } from '../simulators/smart-card/card.ts';
import { type PrivatePcscd, startPcscd } from '../simulators/smart-card/pcscd.ts';
import { insertIntoVpcd } from '../simulators/smart-card/vpcd-end.ts';

const resident = {
  number: '9643 0000 0000 0017',
  fullName: 'Придуманова Аглая Тестовна',
  birthDate: '31.02.1970',
  snils: '000-000-000 00',
};

describe('card readers behind pcscd', { timeout: 120_000 }, () => {
  let pcscd: PrivatePcscd;
  let cards: CardService;
  let heard: string[] = [];
  let reader = '';
  let other = '';

  before(async () => {
    pcscd = await startPcscd();
    cards = startCardService({ log: silentLog, onChange: () => {}, env: pcscd.env });
    await until(() => cards.readers().length === 2);
    [reader = '', other = ''] = cards.readers().sort();
    cards.listen(reader, {
      card: atr => heard.push(`card ${Buffer.from(atr).toString('hex')}`),
      unreadable: () => heard.push('unreadable'),
      gone: () => heard.push('gone'),
    });
  });
  after(async () => {
    await cards.stop();
    await pcscd.close();
  });

  async function inserted(card: SimulatedCard, port = pcscd.port) {
    heard = [];
    const held = await insertIntoVpcd(port, card);
    if (port === pcscd.port) await until(() => heard.length > 0);
    return held;
  }

  test('a contactless card of a known kind gives its number and whose it is', async () => {
    const card = residentCard(resident);
    const held = await inserted(card);
    assert.deepEqual(heard, ['card 3b80800101']);
    const transmit = (apdu: Uint8Array) => cards.transmit(reader, apdu);
    assert.equal(await readUid(transmit), '04A1B2C3D4E5F6');
    assert.deepEqual(await identify(card.atr, transmit), {
      profile: 'resident-card',
      fields: [
        { name: 'card-number', value: resident.number },
        { name: 'full-name', value: resident.fullName },
        { name: 'birth-date', value: resident.birthDate },
        { name: 'snils', value: resident.snils },
      ],
    });
    await held.remove();
    await until(() => heard.at(-1) === 'gone');
    await assert.rejects(transmit(Uint8Array.of(0, 0xb0, 0, 0, 0)), { code: 'card.gone' });
  });

  test('a contact card that nobody knows has neither number nor owner', async () => {
    const card = strangersCard();
    const held = await inserted(card);
    const transmit = (apdu: Uint8Array) => cards.transmit(reader, apdu);
    assert.equal(await readUid(transmit), null);
    assert.equal(await identify(card.atr, transmit), null);
    await held.remove();
    await until(() => heard.at(-1) === 'gone');
  });

  test('F30 the process of the readers is killed: a command under way fails with a code, and all come back', async () => {
    const hanging = { ...residentCard(resident), answer: () => new Promise<Uint8Array>(() => {}) };
    const held = await inserted(hanging);
    const command = cards.transmit(reader, Uint8Array.of(0xff, 0xca, 0, 0, 0));
    const pid = cards.pid();
    assert.ok(pid);
    process.kill(pid, 'SIGKILL');
    await assert.rejects(command, { code: 'card.unreadable' });
    await held.remove();
    await until(() => cards.readers().length === 2);
    const next = await inserted(residentCard(resident));
    assert.equal(await readUid(apdu => cards.transmit(reader, apdu)), '04A1B2C3D4E5F6');
    await next.remove();
    await until(() => heard.at(-1) === 'gone');
  });

  test('F28 a card that hangs is given up in time, and the next one is read', async () => {
    const hanging = { ...residentCard(resident), answer: () => new Promise<Uint8Array>(() => {}) };
    const held = await inserted(hanging);
    const command = cards.transmit(reader, Uint8Array.of(0xff, 0xca, 0, 0, 0), 100);
    await assert.rejects(command, { code: 'card.timeout' });
    await held.remove();
    await until(() => cards.readers().length === 2);
    const next = await inserted(residentCard(resident));
    assert.equal(await readUid(apdu => cards.transmit(reader, apdu)), '04A1B2C3D4E5F6');
    await next.remove();
    await until(() => heard.at(-1) === 'gone');
  });

  test('a card in one slot is no news of the other', async () => {
    heard = [];
    let there = 0;
    cards.listen(other, { card: () => there++, unreadable: () => {}, gone: () => {} });
    const held = await inserted(residentCard(resident), pcscd.port + 1);
    await until(() => there === 1);
    assert.deepEqual(heard, []);
    await held.remove();
  });

  test('pcscd is restarted: readers are gone meanwhile, and come back with their cards by themselves', async () => {
    await pcscd.kill();
    await until(() => !cards.runs() && cards.readers().length === 0);
    await pcscd.start();
    await until(() => cards.runs() && cards.readers().length === 2);
    const held = await inserted(residentCard(resident));
    assert.equal(await readUid(apdu => cards.transmit(reader, apdu)), '04A1B2C3D4E5F6');
    await held.remove();
  });
});
