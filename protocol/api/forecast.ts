import type { Wait } from './wait.ts';

/** How what was told agreed with what became of it. Shares are 0–1. */
export interface ForecastScore {
  /** Told waits that ended. */
  told: number;
  /** Ended between the two times that were told. */
  inside: number;
  /** Ended later than told. */
  later: number;
  /** Ended within the forecast's P80. */
  withinP80: number;
  /** Mean distance of the wait from the forecast's median, minutes. */
  meanErrorMinutes: number;
  meanWaitMinutes: number;
}

/** `GET /api/forecast` (technician, hall administrator) */
export interface ForecastView {
  /** Business day of the branch. */
  today: string;
  /** Newest first; days on which nobody was told anything are not there. */
  days: (ForecastScore & { day: string })[];
  /** By the hour of the branch at which the ticket was taken, of all these days. */
  hours: (ForecastScore & { hour: number })[];
  /** Shares that are aimed at. */
  aim: { from: number; to: number };
  /** Today fewer waits than that lie inside what was told, and there are enough of them to say so. */
  drifts: boolean;
  now: { ahead: number; windows: number; wait: Wait };
}
