import type { Register } from '../register.ts';
import type { Text } from '../values.ts';
import type { Closing, Wait } from './wait.ts';

/** `GET /api/branch` */
export interface BranchView {
  id: string;
  name: Text;
  address: Text;
  timeZone: string;
  now: string;
  windows: string[];
  waiting: number;
  wait: Wait;
  closing: Closing | null;
  registerVersion: number;
  /** Told by a kiosk's own box that does not reach the hub: nobody there knows who waits now. */
  alone?: true;
}

/** `GET /api/register` */
export type RegisterView = Register;

/** `GET /api/board` */
export interface BoardView {
  branch: Text;
  timeZone: string;
  now: string;
  /** Newest call first. */
  called: { number: string; window: string; calledAt: string }[];
  /** In the order of calling. `windows` are the open ones that serve the person; null: all of them, or nobody can say. */
  waiting: { number: string; windows: string[] | null }[];
  /** For the ticker. */
  announcements: Text[];
  zones: { id: string; title: Text; windows: string[] }[];
}
