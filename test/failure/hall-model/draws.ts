import { randomUUID } from 'node:crypto';
import type { CommandName } from './commands.ts';
import type { Person, Wish } from './model.ts';

export const letters = { 'inn-certificate': 'В', 'passport-issue': 'Б', 'housing-subsidy': 'Г' } as const;
export const services = ['inn-certificate', 'passport-issue', 'housing-subsidy'] as const;

export interface KnownWish extends Wish {
  serviceId: (typeof services)[number];
}

/** Whom an act is meant for, most times. */
export const affected: Partial<Record<CommandName, readonly Person['state'][]>> = {
  'read from the screen': ['issued'],
  'cancel by phone': ['waiting', 'called'],
  'cancel by the hall': ['waiting', 'called', 'held'],
  'come back': ['no-show'],
  'give back': ['no-show', 'held', 'waiting-for-papers'],
  'change a ticket': ['waiting'],
  recall: ['called'],
  came: ['called'],
  'no-show': ['called'],
  finish: ['serving'],
  hold: ['serving', 'called'],
  transfer: ['serving', 'called'],
  'last client': ['serving', 'called'],
};

/** What a number in [0, 1) chooses. */
export function pick<T>(list: readonly [T, ...T[]], draw?: number): T;
export function pick<T>(list: readonly T[], draw?: number): T | undefined;
export function pick<T>(list: readonly T[], draw = 0): T | undefined {
  return list[Math.floor(draw * list.length)];
}

export function newWish([a = 0, b = 0, c = 0, d = 0]: readonly number[]): KnownWish {
  return {
    requestId: randomUUID(),
    serviceId: pick(services, a),
    ...(b < 0.3 && { purpose: pick(['submit', 'consult', 'appointment'] as const, b / 0.3) }),
    ...(c < 0.3 && { privilege: pick(['veteran', 'with-child', 'unwell'] as const, c / 0.3) }),
    ...(d < 0.3 && { more: d < 0.2 ? [services[0]] : [services[1], services[2]] }),
  };
}
