import type { BranchView, RegisterView, TicketView } from '../../protocol/api.ts';
import type { Service } from '../../protocol/register.ts';
import { agreeClock, timeZone } from '../shared/clock.ts';
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

export function findService(serviceId: string): Service | undefined {
  return heldValue(register)?.services.find(service => service.id === serviceId);
}

export function agencyOf(service: Service) {
  return heldValue(register)?.agencies.find(agency => agency.id === service.agencyId);
}

/** Where the ticket stands for the person: on paper, on the screen, or not yet known. */
export function isHeld(ticket: TicketView): boolean {
  const { state } = ticket.print;
  return state === 'printed' || state === 'on-screen' || state === 'recovered';
}
