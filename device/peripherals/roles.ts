import type { RoleView } from '../../protocol/api/technician.ts';
import type { BoxState } from '../journal/box-state.ts';
import type { Journal } from '../journal/journal.ts';
import type { Identity } from './discovery/attached.ts';

/** What a device is for, and which device that is: a role waits for its device for ever. */
export interface KeptRole extends RoleView {
  /** The id under which pages and logs know the device. */
  id: string;
  device: Identity;
}

export interface RoleStore {
  all(): KeptRole[];
  /** Resolves when the disk has it. */
  save(roles: KeptRole[]): Promise<void>;
}

/** Roles live beside the journal: given on the running box, they belong to this box and need no restart. */
export function openRoles(journal: Journal, boxState: BoxState): RoleStore {
  return {
    all: () => JSON.parse(boxState.get('device-roles') ?? '[]') as KeptRole[],
    async save(roles) {
      await journal.commit([], () => boxState.set('device-roles', JSON.stringify(roles)));
    },
  };
}
