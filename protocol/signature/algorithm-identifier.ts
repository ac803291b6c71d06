import { type DerValue, FormatError, tags } from './der.ts';
import { Fields, oidOf } from './der-fields.ts';

/** AlgorithmIdentifier of X.509 and CMS; `parameters` is null when absent or NULL, which mean the same. */
export interface AlgorithmIdentifier {
  oid: string;
  parameters: DerValue | null;
}

/** @throws FormatError */
export function readAlgorithm(value: DerValue): AlgorithmIdentifier {
  const fields = new Fields(value);
  const oid = oidOf(fields.take());
  const [parameters, ...others] = fields.rest();
  if (others.length > 0) throw new FormatError('an algorithm with two parameters');
  if (parameters?.tag !== tags.null) return { oid, parameters: parameters ?? null };
  if (parameters.content.length > 0) throw new FormatError('NULL with content');
  return { oid, parameters: null };
}
