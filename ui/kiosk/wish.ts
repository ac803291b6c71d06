import { signal } from '@preact/signals';
import type { Purpose } from '../../protocol/hall-rules.ts';

/** What a person has chosen besides the service itself, until there is a ticket. */
export const purpose = signal<Purpose>('submit');
/** Services that were chosen before this one, for the same ticket. */
export const basket = signal<readonly string[]>([]);
/** Who is let in earlier by the region's rules; the papers are looked at by the window. */
export const privilege = signal<string | null>(null);

/** A ticket has at most ten services. */
const mostServices = 10;

export function putIntoBasket(serviceId: string): void {
  if (!basket.value.includes(serviceId)) basket.value = [...basket.value, serviceId];
}

export function takeOutOfBasket(serviceId: string): void {
  basket.value = basket.value.filter(id => id !== serviceId);
}

export function mayAddService(): boolean {
  return basket.value.length < mostServices - 1;
}

/** The body of `POST /api/tickets`, but for its id. */
export function wishFor(serviceId: string) {
  const [first = serviceId, ...more] = [...basket.value.filter(id => id !== serviceId), serviceId];
  return {
    serviceId: first,
    purpose: purpose.value,
    ...(more.length > 0 && { more }),
    ...(privilege.value !== null && { privilege: privilege.value }),
  };
}

export function forgetWish(): void {
  purpose.value = 'submit';
  basket.value = [];
  privilege.value = null;
}
