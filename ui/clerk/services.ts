import type { Register, Service } from '../../protocol/register.ts';
import { heldValue, resource } from '../shared/resource.ts';

export const register = resource<Register>(() => '/api/register', ['register']);

export const services = (): readonly Service[] => heldValue(register)?.services ?? [];
