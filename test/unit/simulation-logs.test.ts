import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../protocol/app-error.ts';
import { runBranch } from '../../provisioning/simulation/hall/branch.ts';
import { replayEstimator } from '../../provisioning/simulation/hall/estimators.ts';
import { inferWindows } from '../../provisioning/simulation/hall/infer-windows.ts';
import type { Person } from '../../provisioning/simulation/hall/people.ts';
import { play } from '../../provisioning/simulation/hall/play.ts';
import { readArrivals } from '../../provisioning/simulation/hall/read-arrivals.ts';
import { readWindows } from '../../provisioning/simulation/hall/read-windows.ts';
import { createTimetable } from '../../provisioning/simulation/hall/timetable.ts';

const read = (text: string) => readArrivals(Buffer.from(text));
const clock = (text: string) => text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * 60;
const secondsOf = (text: string) => read(text).people.map(({ atSeconds }) => atSeconds);

describe('logs of arrivals', () => {
  test('are read however moments, separators and names are written, to the same people', () => {
    const same = [
      'arrival time,service,service duration in seconds,patience in seconds\n09:00,А,60,\n09:01:30,Б,90.5,30',
      'Услуга; Время прихода ;Длительность;Терпение\nБ;09:01:30;90,5;30\nА;9:00;00:01:00;NA\n',
      '\ufeff"Service","Patience","Arrival_Time","Duration"\r\n"А","","09:00:00","60"\r\n\r\n"Б","30","09:01:30 AM","1:30.5"',
      '09:00\tА\t60\t\n# remark\n09:01:30\tБ\t90,5\t30 s',
      `${9 * 3600},А,60,\n${9 * 3600 + 90},Б,90.5,30`,
    ].map(text => read(text).people);
    const plain = (people: ReturnType<typeof read>['people']) =>
      people.map(({ atSeconds, service, visitSeconds, patienceSeconds }) => [
        ...[atSeconds, service, visitSeconds, patienceSeconds],
      ]);
    for (const people of same)
      assert.deepEqual(plain(people), [
        [9 * 3600, 'А', 60, Number.POSITIVE_INFINITY],
        [9 * 3600 + 90, 'Б', 90.5, 30],
      ]);
  });

  test('may have dates in each of the usual ways; a wall clock stays as it is written', () => {
    const nine = Date.UTC(2026, 10, 23, 9) / 1000;
    const ways = [
      ...['2026-11-23T09:00:00Z', '2026-11-23 09:00', '2026-11-23T09:00:00.000+03:00', '20261123090000'],
      ...['23.11.2026 9:00', '23/11/2026 09:00:00', '11/23/2026 9:00 AM', '23.11.26 09:00'],
      ...[String(nine), String(nine * 1000), String(nine * 1e6), '2026/11/23 09:00'],
    ];
    for (const way of ways) assert.deepEqual(secondsOf(`${way};А;60`), [nine], way);
    assert.deepEqual(secondsOf('date,time,service,duration\n2026-11-23,09:00,А,60'), [nine]);
    // 03/04 alone says nothing; another row of the file does.
    const months = secondsOf('03/04/2026 09:00;А;60\n03/25/2026 09:00;А;60');
    assert.deepEqual(months, [Date.UTC(2026, 2, 4, 9) / 1000, Date.UTC(2026, 2, 25, 9) / 1000]);
  });

  test('without dates go on to the next day when the clock falls back, and are one day in disorder', () => {
    const day = 86_400;
    const two = secondsOf('09:00,А,60\n17:00,А,60\n09:00,А,60\n16:00,А,60');
    assert.deepEqual(two, [clock('9:00'), clock('17:00'), day + clock('9:00'), day + clock('16:00')]);
    const mixed = secondsOf('17:00,А,60\n09:00,А,60\n16:00,А,60\n12:00,А,60\n14:00,А,60\n10:00,А,60');
    assert.ok(mixed.every(seconds => seconds < day));
  });

  test('tell each line that cannot be read, and use the others', () => {
    const { people, unread } = read('09:00,А,60\nутром,А,60\n09:05,А,долго\n09:06,А,60,-5\nодно\n09:07,А,-3');
    assert.equal(people.length, 1);
    const lines = unread.map(({ line, why }) => [line, why]);
    assert.deepEqual(lines, [
      [2, 'arrival'],
      [3, 'duration'],
      [4, 'patience'],
      [5, 'columns'],
      [6, 'duration'],
    ]);
  });

  test('that are empty, are words only or are bytes end with a code', () => {
    const rubbish = ['', '\n\n', 'arrival,service,duration\n', 'one\ntwo', '\u0000\u0001,\u0002', ';;;;'];
    for (const text of rubbish)
      assert.throws(
        () => read(text),
        (error: unknown) => error instanceof AppError && error.code === 'simulation.no-arrivals',
        text,
      );
    assert.throws(() => read('09:00,А,0\n09:01,А,'), { code: 'simulation.no-durations' });
    assert.throws(
      () => readArrivals(Uint8Array.from({ length: 5000 }, (_, at) => (at * 7919) % 256)),
      AppError,
    );
  });

  test('of people who left without a visit give them one of another person of their service', () => {
    const { people, lengthsFound } = read('09:00,А,60\n09:01,Б,600\n09:02,Б,,45\n09:03,А,0,45');
    assert.equal(lengthsFound, 2);
    assert.deepEqual(
      people.map(({ visitSeconds }) => visitSeconds),
      [60, 600, 600, 60],
    );
  });

  test('in Windows-1251 keep their names of services', () => {
    const bytes = Buffer.concat([Buffer.from('09:00;'), Buffer.from([0xcf, 0xe0, 0xf1]), Buffer.from(';60')]);
    assert.equal(readArrivals(bytes).people[0]?.service, 'Пас');
  });
});

describe('files of windows', () => {
  const people = read('2026-11-23 09:00,А,60\n2026-11-24 09:00,А,60').people;
  const windowsOf = (text: string) => readWindows(Buffer.from(text), people);

  test('hold on every day without dates, on theirs with dates; rows of one window are its openings', () => {
    const daily = windowsOf('Окно;Открытие;Закрытие\n1;9:00;13:00\n1;14:00;18:00\n2;09:00;18:00');
    assert.deepEqual(
      daily.map(({ openings }) => openings.length),
      [4, 2],
    );
    const dated = windowsOf('window,opens,closes\n1,2026-11-23 09:00,2026-11-23 18:00\n');
    assert.equal(dated[0]?.openings[0]?.fromSeconds, people[0]?.atSeconds);
    const split = windowsOf('date,window,opens,closes,services\n24.11.2026,7,09:00,18:00,А|Б');
    assert.equal(split[0]?.openings[0]?.fromSeconds, people[1]?.atSeconds);
    assert.deepEqual([...(split[0]?.serves ?? [])], ['А', 'Б']);
  });

  test('with a line that is none end with its number', () => {
    assert.throws(() => windowsOf('window,opens,closes\n1,09:00,18:00\n2,рано,поздно'), {
      code: 'simulation.window-unreadable',
      details: { line: 3 },
    });
    assert.throws(() => windowsOf(''), { code: 'simulation.no-windows' });
  });

  test('that are not there are planned by the work of each hour', () => {
    // 100 visits of 300 s in an hour are 8.3 windows of work; two hours of them beside each other.
    const busy = Array.from({ length: 200 }, (_, index) => `${32_400 + index * 36},А,300`).join('\n');
    const windows = inferWindows(read(busy).people, 0.8);
    assert.equal(windows.length, 10);
    assert.equal(inferWindows(read('09:00,А,60').people, 0.9).length, 1);
  });
});

describe('a simulated day', () => {
  const rows = Array.from(
    { length: 600 },
    (_, at) => `${32_400 + at * 40},${at % 7 ? 'А' : 'Б'},${100 + ((at * 37) % 400)},${at % 5 ? '' : 200}`,
  );
  const { people } = read(rows.join('\n'));
  const windows = inferWindows(people, 0.95);

  test('calls everybody once or sees them leave', () => {
    const { called, left, refused, scores } = play(people, windows, () => undefined);
    assert.equal(called + left + refused, people.length);
    assert.deepEqual(
      scores.map(({ estimator }) => estimator),
      ['replay', 'day-average', 'n-mean-windows', 'last-served', 'head-of-line'],
    );
  });

  /** What each person is told, up to a moment. */
  function told(log: readonly Person[], untilSeconds: number): string[] {
    const timetable = createTimetable(windows);
    const own = replayEstimator(windows, timetable, () => undefined);
    const heard: string[] = [];
    runBranch(log, windows, timetable, {
      came(person, now) {
        if (now.atSeconds <= untilSeconds) heard.push(JSON.stringify(own.guess(person, now)));
      },
      called: (person, waitedSeconds) => own.called?.(person, waitedSeconds, undefined),
      left: (_, waitedSeconds) => own.left?.(waitedSeconds),
      served: ({ service }, window, seconds) =>
        own.served?.({ ...people[0], service } as Person, String(window), seconds),
      refused: () => undefined,
    });
    return heard;
  }

  test('tells nothing that only the future knows: not how long those will take who are at a window', () => {
    const middle = people[300]?.atSeconds ?? 0;
    // Nobody who came in the last 100 s has left a window by then: the shortest visit takes as long.
    const changed = people.map(person =>
      person.atSeconds > middle - 100 ? { ...person, visitSeconds: person.visitSeconds + 1000 } : person,
    );
    const heard = told(people, middle);
    assert.equal(heard.length, 301);
    assert.deepEqual(told(changed, middle), heard);
  });
});
