import Type, { type Static } from 'typebox';
import { ProductionCalendar, Timetable } from './appointments/timetable.ts';
import { Retention } from './retention.ts';
import { Day, Key, Text } from './values.ts';

/** A group of services on the kiosk's first screen. */
export const Category = Type.Object({
  id: Key,
  /** First letter of the tickets of this category, Cyrillic capital. */
  letter: Type.String({ pattern: '^[А-ЯЁ]$' }),
  title: Text,
  hint: Text,
  /** Name of an icon of the kiosk's own set. */
  icon: Type.String(),
});

/** One line of a service's checklist. */
export const RequiredDocument = Type.Object({
  /** `application`, `passport`, `snils`, `certificate`, `contract`, … : decides which fields are looked for. */
  kind: Key,
  title: Text,
  required: Type.Boolean(),
  note: Type.Optional(Text),
  /** How old the paper may be on the day of the visit, where the service limits it. */
  maxAgeDays: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type RequiredDocument = Static<typeof RequiredDocument>;

export const Service = Type.Object({
  id: Key,
  categoryId: Key,
  agencyId: Key,
  title: Text,
  /** At most 48 Russian characters, for tickets and boards. */
  short: Text,
  /** Words a person may type instead of the title. */
  keywords: Type.Array(Type.String()),
  /** Norm for the agency, in working days. */
  normWorkingDays: Type.Integer({ minimum: 1 }),
  /** Usual time at the window, in minutes; the first guess of the wait forecast. */
  receptionMinutes: Type.Integer({ minimum: 1 }),
  /** State duty in roubles; 0 when free. */
  feeRoubles: Type.Integer({ minimum: 0 }),
  documents: Type.Array(RequiredDocument, { minItems: 1 }),
  resultTitle: Text,
  /** How long package and result are kept after the hand-out; a year when left out (LED-3.10). */
  retention: Type.Optional(Retention),
});
export type Service = Static<typeof Service>;

export const Agency = Type.Object({ id: Key, title: Text, short: Text });
export type Agency = Static<typeof Agency>;

/** LED-3.1: exchange happens only for services covered by an agreement in force. */
export const Agreement = Type.Object({
  id: Key,
  agencyId: Key,
  number: Type.String(),
  serviceIds: Type.Array(Key),
  /** Adapter that speaks the agency's format (LED-3.9). */
  format: Type.Literal('gateway'),
  inForceFrom: Day,
  inForceUntil: Type.Union([Day, Type.Null()]),
});
export type Agreement = Static<typeof Agreement>;

export const Register = Type.Object({
  version: Type.Integer({ minimum: 1 }),
  region: Text,
  categories: Type.Array(Category),
  agencies: Type.Array(Agency),
  services: Type.Array(Service),
  agreements: Type.Array(Agreement),
  /** Without them nobody books ahead. */
  appointments: Type.Optional(
    Type.Object({ calendar: ProductionCalendar, timetables: Type.Array(Timetable) }),
  ),
});
export type Register = Static<typeof Register>;

/** The agreement that covers a service on a day (YYYY-MM-DD), or undefined (LED-3.1). */
export function findAgreement(register: Register, serviceId: string, day: string): Agreement | undefined {
  return register.agreements.find(
    agreement =>
      agreement.serviceIds.includes(serviceId) &&
      agreement.inForceFrom <= day &&
      (agreement.inForceUntil === null || day <= agreement.inForceUntil),
  );
}
