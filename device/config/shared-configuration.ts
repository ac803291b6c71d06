import { createHash } from 'node:crypto';
import { canonicalJson } from '../../protocol/canonical.ts';
import type { BoxConfig } from './box-config.ts';

/** The part of a configuration that both boxes of a branch have; everything else is of the machine. */
export type SharedConfiguration = Pick<BoxConfig, 'branch' | 'users'> & {
  hall: NonNullable<BoxConfig['hall']>;
};

/** The code of the branch is not shared: it begins case numbers, which both boxes give. */
export function sharedOf({ branch, hall, users }: BoxConfig): SharedConfiguration {
  return { branch: { ...branch, code: '' }, hall: hall ?? {}, users };
}

export const sharedDigest = (config: BoxConfig): string =>
  createHash('sha256')
    .update(canonicalJson(sharedOf(config)))
    .digest('hex');

/** The configuration of a box that follows the hub. */
export function withShared(config: BoxConfig, { branch, hall, users }: SharedConfiguration): BoxConfig {
  return { ...config, branch: { ...branch, code: config.branch.code }, hall, users };
}
