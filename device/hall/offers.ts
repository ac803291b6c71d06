import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { AnnouncementView, HallView } from '../../protocol/api/hall.ts';
import type { TicketWish } from '../../protocol/api/tickets.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { HallRules } from '../../protocol/hall-rules.ts';
import type { Text } from '../../protocol/values.ts';
import type { Journal } from '../journal/journal.ts';

export interface ServiceOffer {
  open: boolean;
  perDay: number | null;
}

/** What the branch gives tickets for at the moment, and to whom. */
export interface Offers {
  isOpen(day: string): boolean;
  of(serviceId: string): ServiceOffer;
  given(day: string, serviceId: string): number;
  closedServices(day: string): HallView['closed'];
  announcements(now: Date): AnnouncementView[];
  /** Throws the reason why a wish cannot be granted now (`queue.*`). */
  check(wish: TicketWish, day: string): void;
  /** Name of a person for one day, from a random key; undefined without one. */
  holder(wish: TicketWish, day: string): string | undefined;
}

/** Every new number asks, so the answers are kept in memory until a fact changes them (ADR 16). */
export function followOffers(
  db: DatabaseSync,
  journal: Journal,
  { box, rules }: { box: string; rules: HallRules },
): Offers {
  const dayRow = db.prepare('select open from hall_days where day = ?');
  const offer = db.prepare('select open, per_day from offered_services where service_id = ?');
  const offers = db.prepare('select service_id from offered_services where open = 0 or per_day is not null');
  const count = db.prepare('select count(*) as n from tickets where day = ? and service_id = ?');
  const ofHolder = db.prepare(
    'select number, service_id, purpose, state from tickets where day = ? and holder = ?',
  );
  const announced = db.prepare('select id, announcement, until from announcements order by position');

  const days = new Map<string, boolean>();
  const services = new Map<string, ServiceOffer>();
  const forget = () => {
    days.clear();
    services.clear();
  };
  journal.follow({
    apply({ type }) {
      if (type === 'service.offered' || type === 'hall.day-opened' || type === 'hall.day-closed') forget();
    },
    reset: forget,
  });

  function isOpen(day: string): boolean {
    let open = days.get(day);
    if (open === undefined) {
      open = (dayRow.get(day) as { open: number } | undefined)?.open !== 0;
      days.clear();
      days.set(day, open);
    }
    return open;
  }
  function of(serviceId: string): ServiceOffer {
    let kept = services.get(serviceId);
    if (!kept) {
      const row = offer.get(serviceId) as { open: number; per_day: number | null } | undefined;
      kept = { open: row?.open !== 0, perDay: row?.per_day ?? null };
      services.set(serviceId, kept);
    }
    return kept;
  }
  const given = (day: string, serviceId: string) => (count.get(day, serviceId) as { n: number }).n;
  function whyClosed(day: string, serviceId: string): 'closed' | 'day-limit' | undefined {
    const { open, perDay } = of(serviceId);
    if (!open) return 'closed';
    return perDay !== null && given(day, serviceId) >= perDay ? 'day-limit' : undefined;
  }
  function holder(wish: TicketWish, day: string): string | undefined {
    if (wish.holder === undefined) return undefined;
    return createHash('sha256').update(`${box} ${day} ${wish.holder}`).digest('hex').slice(0, 32);
  }

  return {
    isOpen,
    of,
    given,
    closedServices: day =>
      (offers.all() as { service_id: string }[]).flatMap(({ service_id: serviceId }) => {
        const why = whyClosed(day, serviceId);
        return why ? [{ serviceId, why }] : [];
      }),
    announcements: now =>
      (announced.all() as { id: string; announcement: string; until: string | null }[])
        .filter(({ until }) => until === null || Date.parse(until) > now.getTime())
        .map(({ id, announcement, until }) => ({
          id,
          announcement: JSON.parse(announcement) as Text,
          until,
        })),
    holder,
    check(wish, day) {
      if (!isOpen(day)) throw new AppError('queue.day-closed');
      const why = whyClosed(day, wish.serviceId);
      if (why) throw new AppError(why === 'closed' ? 'queue.service-closed' : 'queue.day-limit');
      if (wish.privilege !== undefined) {
        const privilege = rules.privileges.find(({ id }) => id === wish.privilege);
        if (!privilege?.atKiosk) throw new AppError('queue.privilege-by-staff');
      }
      const name = holder(wish, day);
      if (name === undefined) return;
      const own = ofHolder.all(day, name) as {
        number: string;
        service_id: string;
        purpose: string;
        state: string;
      }[];
      const same = own.find(
        row =>
          row.service_id === wish.serviceId &&
          row.purpose === (wish.purpose ?? 'submit') &&
          !ended.has(row.state),
      );
      if (same) throw new AppError('queue.already-taken', { number: same.number });
      if (own.length >= rules.perPersonADay) throw new AppError('queue.person-limit');
    },
  };
}

const ended = new Set(['done', 'no-show', 'abandoned', 'cancelled']);
