import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../../platform/connection-limit.ts';

/** Whether a program of this very machine asks, and no proxy on it for somebody else. */
export function isThisMachine({ ip, headers }: Pick<FastifyRequest, 'ip' | 'headers'>): boolean {
  const isHandedOn = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  return isLoopback(ip) && !isHandedOn;
}
