import type { AppointmentState } from '../../../protocol/appointments/appointment.ts';
import type { Share } from '../../../protocol/appointments/timetable.ts';
import type { Projection } from './projection.ts';

export interface AppointmentRow {
  id: string;
  code: string;
  service_id: string;
  day: string;
  at: string;
  slots: number;
  share: Share;
  state: AppointmentState;
  version: number;
  ticket_id: string | null;
  /** What became of the paper for which version. */
  slip: string | null;
  slip_version: number | null;
  slip_code: string | null;
}

export const appointmentProjection: Projection = {
  tables: ['appointments'],
  schema: `
  create table appointments (
    id text primary key,
    code text not null,
    service_id text not null,
    day text not null,
    at text not null,
    slots integer not null,
    share text not null,
    state text not null,
    version integer not null,
    ticket_id text,
    slip text,
    slip_version integer,
    slip_code text
  ) strict, without rowid;
  create index appointments_day on appointments (day, at);
  create index appointments_code on appointments (code);
  `,
  prepare(db) {
    const put = db.prepare(`
      insert into appointments (id, code, service_id, day, at, slots, share, state, version)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (id) do update set (service_id, day, at, slots, share, state, version) =
        (excluded.service_id, excluded.day, excluded.at, excluded.slots, excluded.share, excluded.state, excluded.version)`);
    const checkedIn = db.prepare(`update appointments set state = 'checked-in', ticket_id = ? where id = ?`);
    const missed = db.prepare(`update appointments set state = 'missed' where id = ?`);
    const slip = db.prepare(
      'update appointments set (slip, slip_version, slip_code) = (?, ?, ?) where id = ?',
    );
    return fact => {
      switch (fact.type) {
        case 'appointment.put': {
          const { code, serviceId, day, at, slots, share, state, version } = fact.body;
          put.run(fact.subject, code, serviceId, day, at, slots, share, state, version);
          break;
        }
        case 'appointment.checked-in':
          checkedIn.run(fact.body.ticketId, fact.subject);
          break;
        case 'appointment.missed':
          missed.run(fact.subject);
          break;
        case 'appointment.slip':
          slip.run(fact.body.outcome, fact.body.version, fact.body.code ?? null, fact.subject);
      }
    };
  },
};
