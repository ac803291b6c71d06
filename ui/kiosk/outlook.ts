import type { OutlookView } from '../../protocol/api/outlook.ts';
import { heldValue, resource } from '../shared/resource.ts';
import { currentScreen } from './screens.ts';
import { privilege, purpose } from './wish.ts';

/** What somebody would wait who takes a ticket for the service that is on the screen. */
export const outlook = resource<OutlookView>(() => {
  const screen = currentScreen();
  if (screen.name !== 'service') return null;
  const wish = { serviceId: screen.serviceId, purpose: purpose.value };
  const asked = privilege.value === null ? wish : { ...wish, privilege: privilege.value };
  return `/api/wait?${new URLSearchParams(asked)}`;
}, ['queue', 'hall']);

/** Null until the box has told about this very service. */
export function outlookOf(serviceId: string): OutlookView | null {
  const view = heldValue(outlook);
  return view?.serviceId === serviceId ? view : null;
}
