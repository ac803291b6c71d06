import type { BranchView, RegisterView } from '../../protocol/api/branch.ts';
import type { HallView } from '../../protocol/api/hall.ts';
import type { ScreensView } from '../../protocol/api/screens.ts';
import type { TicketView } from '../../protocol/api/tickets.ts';
import type { Service } from '../../protocol/register.ts';
import { agreeClock, timeZone } from '../shared/clock.ts';
import { isLanguage, type Language } from '../shared/languages.ts';
import { heldValue, resource } from '../shared/resource.ts';

export const branch = resource<BranchView>(
  () => '/api/branch',
  ['queue', 'register'],
  view => {
    timeZone.value = view.timeZone;
    agreeClock(view.now);
  },
);

export const register = resource<RegisterView>(() => '/api/register', ['register']);

/** What the hall offers now: closed services and days, purposes, privileges, aspects of rating. */
export const hall = resource<HallView>(() => '/api/hall', ['hall']);

export const screens = resource<ScreensView>(() => '/api/screens', []);

/** Name of this kiosk, as the hall administrator reads it: `/kiosk?place=entrance`. */
export const place = new URLSearchParams(location.search).get('place') ?? 'kiosk';

export function offeredLanguages(): Language[] {
  const told = heldValue(screens)?.languages.filter(isLanguage) ?? [];
  return told.length > 0 ? told : ['ru', 'en'];
}

export function firstLanguage(): Language {
  return offeredLanguages()[0] ?? 'ru';
}

export function findService(serviceId: string): Service | undefined {
  return heldValue(register)?.services.find(service => service.id === serviceId);
}

/** Why there are no tickets for a service now; null when there are. */
export function whyClosed(serviceId: string): 'closed' | 'day-limit' | null {
  return heldValue(hall)?.closed.find(line => line.serviceId === serviceId)?.why ?? null;
}

export function agencyOf(service: Service) {
  return heldValue(register)?.agencies.find(agency => agency.id === service.agencyId);
}

/** Where the ticket stands for the person: on paper, on the screen, or not yet known. */
export function isHeld(ticket: TicketView): boolean {
  const { state } = ticket.print;
  return state === 'printed' || state === 'on-screen' || state === 'recovered';
}
