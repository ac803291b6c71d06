import type { Me } from '../../protocol/api/people.ts';

/** Who does something in the archive. */
export type Person = Pick<Me, 'login' | 'name' | 'post' | 'role'>;

/** As acts and lists say it; the login alone would mean nothing in thirty years. */
export const nameOf = ({ name, post }: Person): string => `${name}, ${post}`;
