import type { Flags } from '../setting/flags.ts';
export async function content(_flags: Flags): Promise<void> {}
