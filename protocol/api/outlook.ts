import Type from 'typebox';
import { Purpose } from '../hall-rules.ts';
import { Key } from '../values.ts';
import type { Closing, Wait } from './wait.ts';

/** `GET /api/wait?serviceId=&purpose=&privilege=`: for somebody who would take a ticket for that now. */
export const OutlookQuery = Type.Object({
  serviceId: Key,
  purpose: Type.Optional(Purpose),
  privilege: Type.Optional(Key),
});
export interface OutlookView {
  serviceId: string;
  waiting: number;
  wait: Wait;
  /** Null while the branch has told no hours for today. */
  closing: Closing | null;
}
