import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { momentOf, wallMinute } from '../../platform/wall-time.ts';
import { type Appointment, judgeArrival, replaces } from '../../protocol/appointments/appointment.ts';
import { newAppointmentCode, readAppointmentCode } from '../../protocol/appointments/code.ts';
import { freeDays, freeOn } from '../../protocol/appointments/free-days.ts';
import { spacedCode } from '../../protocol/appointments/spaced-code.ts';
import { freeStarts, slotsFor, slotsOf, type Timetable } from '../../protocol/appointments/timetable.ts';

const monday = '2026-11-23';
const hours = [
  { from: '09:00', to: '10:00' },
  { from: '11:00', to: '11:40' },
];
const timetable: Timetable = {
  box: 'mfc-041',
  timeZone: 'Europe/Moscow',
  slotMinutes: 15,
  week: [hours, hours, hours, hours, hours, [], []],
  closedDays: ['2026-11-24'],
  serviceIds: 'all',
  places: { centre: 2, branch: 1 },
  horizonDays: 7,
  earlyMinutes: 15,
  lateMinutes: 10,
};
const calendar = { daysOff: ['2026-11-25'], movedDays: [{ day: '2026-11-28', as: 1 }] };

describe('slots of a day', () => {
  test('follow the hours of the weekday; one that does not end before the break is none', () => {
    assert.deepEqual(slotsOf(timetable, calendar, monday), [
      ...['09:00', '09:15', '09:30', '09:45'],
      ...['11:00', '11:15'],
    ]);
  });

  test('are none on holidays, weekends and closed days, and those of Monday on a Saturday that is worked', () => {
    for (const day of ['2026-11-24', '2026-11-25', '2026-11-29'])
      assert.deepEqual(slotsOf(timetable, calendar, day), [], day);
    assert.equal(slotsOf(timetable, calendar, '2026-11-28').length, 6);
  });

  test('are free for a visit where all its slots have a place, and never over a break', () => {
    const of = (slots: number, places: number, booked: { at: string; slots: number }[] = []) =>
      freeStarts({ timetable, calendar, day: monday, slots, places, booked });
    assert.deepEqual(of(3, 1), ['09:00', '09:15']);
    assert.deepEqual(of(2, 1, [{ at: '09:15', slots: 1 }]), ['09:30', '11:00']);
    assert.deepEqual(of(2, 2, [{ at: '09:15', slots: 1 }]), ['09:00', '09:15', '09:30', '11:00']);
    assert.deepEqual(of(1, 0), []);
    assert.deepEqual(of(7, 5), []);
    const lengths = [0, 1, 15, 16, 45].map(minutes => slotsFor(timetable, minutes));
    assert.deepEqual(lengths, [1, 1, 1, 2, 3]);
  });

  test('that have begun, lie behind or beyond the horizon are not offered', () => {
    const offer = { timetable, calendar, places: 1, receptionMinutes: 15, today: monday, booked: () => [] };
    assert.deepEqual(freeOn({ ...offer, minuteNow: 9 * 60 + 15 }, monday), [
      '09:30',
      '09:45',
      '11:00',
      '11:15',
    ]);
    assert.deepEqual(freeOn({ ...offer, minuteNow: 0 }, '2026-11-20'), []);
    const long = { ...offer, timetable: { ...timetable, horizonDays: 30 }, minuteNow: 0 };
    assert.equal(freeOn(long, '2026-12-01').length, 6);
    assert.deepEqual(freeOn(long, '2026-11-31'), [], 'a day that no calendar has');
    const days = freeDays({ ...offer, minuteNow: 23 * 60 }).map(({ day }) => day);
    assert.deepEqual(days, ['2026-11-26', '2026-11-27', '2026-11-28', '2026-11-30']);
  });
});

test('F09 the moment of a wall time is right in every zone of the country and over changes of the clock', () => {
  const zones = ['Europe/Kaliningrad', 'Europe/Moscow', 'Asia/Yekaterinburg', 'Asia/Kamchatka', 'UTC'];
  for (const zone of [...zones, 'America/St_Johns', 'Australia/Lord_Howe'])
    for (const day of ['2026-03-28', '2026-03-29', '2026-10-25', '2026-11-23', '2027-01-01'])
      for (const time of ['00:00', '00:15', '09:45', '23:45']) {
        const at = momentOf(day, time, zone);
        const shown = new Intl.DateTimeFormat('sv-SE', {
          ...{ timeZone: zone, dateStyle: 'short', timeStyle: 'short' },
        } as const).format(at);
        assert.equal(shown, `${day} ${time}`, zone);
        assert.equal(wallMinute(at, zone), Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
      }
  // Berlin skips 02:30 that night, and has it twice in autumn.
  assert.equal(momentOf('2026-03-29', '02:30', 'Europe/Berlin').toISOString(), '2026-03-29T01:30:00.000Z');
  assert.equal(momentOf('2026-10-25', '02:30', 'Europe/Berlin').toISOString(), '2026-10-25T00:30:00.000Z');
});

test('a code with a wrong digit or two that changed places is none, however it is spaced', () => {
  for (let round = 0; round < 50; round++) {
    const code = newAppointmentCode();
    assert.equal(readAppointmentCode(` ${spacedCode(code)} `), code);
    for (let at = 0; at < code.length; at++) {
      const wrong = (Number(code[at]) + 1 + (round % 9)) % 10;
      assert.equal(readAppointmentCode(`${code.slice(0, at)}${wrong}${code.slice(at + 1)}`), undefined);
      const [a, b] = [code[at], code[at + 1]];
      if (b !== undefined && a !== b)
        assert.equal(readAppointmentCode(`${code.slice(0, at)}${b}${a}${code.slice(at + 2)}`), undefined);
    }
  }
  for (const text of ['', '123', 'abcdefghij', '12345678901'])
    assert.equal(readAppointmentCode(text), undefined);
});

test('who comes early is asked to wait, who comes late stands in the common line', () => {
  const at = (minutes: number, isToday = true) => judgeArrival(minutes, isToday, timetable);
  assert.deepEqual(
    [-16, -15, 0, 10, 11].map(minutes => at(minutes)),
    ['early', 'in-time', 'in-time', 'in-time', 'late'],
  );
  assert.equal(at(0, false), 'other-day');
});

test('both sides end with the same word, whichever hears what first', () => {
  const word = (by: 'centre' | 'branch', version: number): Appointment => ({
    ...{ code: '0000000000', serviceId: 's', day: monday, at: '09:00', slots: 1, state: 'booked' },
    ...{ share: by, version, by },
  });
  const settle = (first: Appointment, ...others: Appointment[]) =>
    others.reduce((known, told) => (replaces(told, known) ? told : known), first);
  const [centre, branch] = [word('centre', 2), word('branch', 2)];
  assert.equal(settle(centre, branch), centre);
  assert.equal(settle(branch, centre), centre);
  assert.equal(settle(word('centre', 1), word('branch', 2)).by, 'branch');
  const known = { version: 2, day: monday };
  assert.equal(replaces(word('centre', 9), { ...known, state: 'checked-in' }), false);
  // What was told before the day was over, and heard after it.
  const missed = { ...known, state: 'missed' } as const;
  assert.equal(replaces(word('centre', 3), missed), true);
  assert.equal(replaces({ ...word('centre', 2), day: '2027-01-11' }, missed), true);
  for (const again of [word('centre', 2), word('centre', 1), word('branch', 3)])
    assert.equal(replaces(again, missed), false);
});
