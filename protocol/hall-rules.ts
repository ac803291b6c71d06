import Type, { type Static } from 'typebox';
import { OpeningHours } from './opening-hours.ts';
import { Key, Text } from './values.ts';

/** What a person comes for; reported by these names to the system of the centre (АИС МФЦ). */
export const Purpose = Type.Union([
  Type.Literal('submit'),
  Type.Literal('consult'),
  Type.Literal('result'),
  Type.Literal('appointment'),
]);
export type Purpose = Static<typeof Purpose>;

const Named = Type.Object({ id: Key, title: Text });
const Minutes = Type.Integer({ minimum: 0, maximum: 24 * 60 });

/**
 * People whom regional rules let in earlier: veterans, the disabled, people with children. They are called
 * as if this were their norm of waiting.
 */
export const Privilege = Type.Object({
  id: Key,
  title: Text,
  allowedWaitMinutes: Minutes,
  /** Whether it may be chosen at the kiosk; otherwise the hall administrator grants it. */
  atKiosk: Type.Boolean(),
});
export type Privilege = Static<typeof Privilege>;

/** Windows that one board shows. A waiting person belongs to each zone that serves the kind of service. */
export const Zone = Type.Object({
  id: Key,
  title: Text,
  windows: Type.Array(Type.String({ minLength: 1, maxLength: 8 })),
});

/** How a branch runs its hall. Data of the box's configuration; each change is a fact of its own. */
export const HallRules = Type.Object({
  /** The hard ceiling of ageing: who has waited so long is overtaken by nobody who comes later. */
  normMinutes: Type.Integer({ minimum: 1, maximum: 24 * 60 }),
  privileges: Type.Array(Privilege),
  /** Allowed wait of people who come by appointment (regulations: 5 minutes). */
  appointmentWaitMinutes: Minutes,
  /** Allowed wait of people who were at a window already and go to another one. */
  transferWaitMinutes: Minutes,
  /** So often a number is called before the person counts as not come. */
  maxCalls: Type.Integer({ minimum: 1, maximum: 20 }),
  /** After the last call: the clerk is asked, or the box says no-show by itself after this. */
  noShow: Type.Object({
    how: Type.Union([Type.Literal('offered'), Type.Literal('automatic')]),
    afterSeconds: Type.Integer({ minimum: 10, maximum: 3600 }),
  }),
  /** So long and so often a person who missed the call may come back to the old place. */
  comeBack: Type.Object({ withinMinutes: Minutes, times: Type.Integer({ minimum: 0, maximum: 10 }) }),
  /** Tickets of one person (one phone, one appointment) on a day. */
  perPersonADay: Type.Integer({ minimum: 1 }),
  /** The box calls for windows that are open and free, the longest free first (KEM-12). */
  automaticCalls: Type.Boolean(),
  zones: Type.Array(Zone),
  /** Without any, nobody is told whether they are called before closing. */
  hours: Type.Optional(Type.Array(OpeningHours)),
  /** Why a clerk calls out of turn or an administrator edits a ticket. Keys, so that no name gets into facts. */
  reasons: Type.Array(Named, { minItems: 1 }),
  pauseReasons: Type.Array(Named, { minItems: 1 }),
  /** What a visit is rated by, one to five (decree 1284). */
  ratingAspects: Type.Array(Named, { minItems: 1, maxItems: 10 }),
});
export type HallRules = Static<typeof HallRules>;

const named = (id: string, ru: string, en: string) => ({ id, title: { ru, en } });

/** Rules of a branch that set none. The regional list of privileges replaces ours. */
export const usualHallRules: Omit<HallRules, 'normMinutes'> = {
  privileges: [
    { ...named('veteran', 'Ветеран войны', 'War veteran'), allowedWaitMinutes: 0, atKiosk: true },
    {
      ...named('disabled', 'Инвалид I или II группы', 'Disabled, group I or II'),
      allowedWaitMinutes: 0,
      atKiosk: true,
    },
    {
      ...named('with-child', 'С ребёнком до трёх лет или беременная', 'With a child under three or pregnant'),
      allowedWaitMinutes: 5,
      atKiosk: true,
    },
    { ...named('unwell', 'Плохое самочувствие', 'Feeling unwell'), allowedWaitMinutes: 0, atKiosk: false },
  ],
  appointmentWaitMinutes: 5,
  transferWaitMinutes: 5,
  maxCalls: 3,
  noShow: { how: 'offered', afterSeconds: 60 },
  comeBack: { withinMinutes: 20, times: 1 },
  perPersonADay: 5,
  automaticCalls: false,
  zones: [],
  reasons: [
    named('privilege', 'Льгота', 'Privilege'),
    named('health', 'Самочувствие', 'Health'),
    named('child', 'С ребёнком', 'With a child'),
    named('came-back', 'Вернулся с документами', 'Came back with papers'),
    named('wrong-service', 'Услуга выбрана ошибочно', 'Wrong service chosen'),
    named('person-left', 'Ушёл', 'Left'),
    named('other', 'Другое', 'Other'),
  ],
  pauseReasons: [
    named('lunch', 'Обед', 'Lunch'),
    named('rest', 'Перерыв', 'Break'),
    named('papers', 'Работа с документами', 'Paperwork'),
    named('equipment', 'Оборудование', 'Equipment'),
    named('other', 'Другое', 'Other'),
  ],
  ratingAspects: [
    named('wait', 'Время ожидания', 'Waiting time'),
    named('courtesy', 'Вежливость специалиста', 'Courtesy'),
    named('knowledge', 'Знания специалиста', 'Knowledge'),
    named('comfort', 'Удобство зала', 'Comfort of the hall'),
    named('clarity', 'Понятность порядка', 'Clear procedure'),
  ],
};

/**
 * One line of what a clerk may take. It fits a ticket when all that it names fits. `weight` 10 is the
 * clerk's own work; each point less lets own work go first that came up to a tenth of the norm later; 0
 * takes nothing.
 */
export const Skill = Type.Object({
  serviceId: Type.Optional(Key),
  /** Group of services in the register. */
  categoryId: Type.Optional(Key),
  purpose: Type.Optional(Purpose),
  weight: Type.Integer({ minimum: 0, maximum: 10 }),
});
export type Skill = Static<typeof Skill>;
