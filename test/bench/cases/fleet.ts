import type { Flags } from '../setting/flags.ts';
export async function fleet(_flags: Flags): Promise<void> {}
