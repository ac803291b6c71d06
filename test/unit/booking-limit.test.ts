import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { AppointmentBook } from '../../central/appointments/appointment-book.ts';
import { addAppointmentRoutes } from '../../central/http/appointment-routes.ts';
import { createHttpServer } from '../../platform/http.ts';
import { addLogin } from '../../platform/login.ts';
import { silentLog } from '../fixtures/books.ts';
import { testClock } from '../fixtures/test-clock.ts';

const minuteMs = 60_000;

test('from one address few appointments are booked in a minute and in an hour, whatever cookies it keeps', async t => {
  const clock = testClock('2026-11-23T09:00:00.000Z');
  const server = await createHttpServer(silentLog);
  t.after(() => server.close());
  let booked = 0;
  const book = { book: async () => ({ code: `${++booked}` }) } as unknown as AppointmentBook;
  addAppointmentRoutes(server, { book, login: addLogin(server, [], clock), clock });
  const wish = async (remoteAddress: string) => {
    const payload = { requestId: randomUUID(), serviceId: 'passport-issue', day: '2026-11-24', at: '10:00' };
    const url = '/api/public/branches/mfc-041/appointments';
    const answer = await server.inject({ method: 'POST', url, payload, remoteAddress });
    return answer.statusCode === 200 ? 'booked' : (answer.json() as { code: string }).code;
  };

  for (let minute = 0; minute < 6; minute++) {
    for (let each = 0; each < 10; each++) assert.equal(await wish('192.0.2.1'), 'booked');
    assert.equal(await wish('192.0.2.1'), 'appointment.too-many-bookings');
    clock.advance(minuteMs);
  }
  assert.equal(await wish('192.0.2.1'), 'appointment.too-many-bookings');
  assert.equal(await wish('192.0.2.2'), 'booked');
  clock.advance(60 * minuteMs);
  assert.equal(await wish('192.0.2.1'), 'booked');
  assert.equal(booked, 62);
});
