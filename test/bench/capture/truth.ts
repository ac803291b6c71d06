import { readFile } from 'node:fs/promises';
import { fieldNames, isFieldName } from '../../../protocol/field-titles.ts';
import type { TruePage } from './pages.ts';

/** What is written on a page, from the files beside its picture; fields that cannot be judged are told. */
export async function readTruth(
  textPath: string,
  fieldsPath: string | undefined,
  say: (text: string) => void,
): Promise<Pick<TruePage, 'text' | 'fields' | 'kind'>> {
  const text = decoded(await readFile(textPath));
  if (fieldsPath === undefined) return { text, fields: {} };
  try {
    const json: unknown = JSON.parse(decoded(await readFile(fieldsPath)));
    const { kind: kinds, ...others } = asObject(json);
    const kind: unknown = Array.isArray(kinds) ? kinds[0] : kinds;
    const read = fieldsOf(typeof kind === 'string' ? others : json);
    if (read.unknown.length > 0)
      say(`  ${fieldsPath}: not judged: ${read.unknown.join(', ')}; names are ${fieldNames.join(', ')}`);
    return { text, fields: read.fields, ...(typeof kind === 'string' && { kind }) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    say(`  ${fieldsPath} is no JSON, its fields are not judged: ${error.message}`);
    return { text, fields: {} };
  }
}

/** UTF-8 or UTF-16 with or without its mark, else the code page that Russian Windows writes. */
export function decoded(bytes: Uint8Array): string {
  const mark = Buffer.from(bytes.subarray(0, 2)).toString('hex');
  if (mark === 'fffe' || mark === 'feff')
    return new TextDecoder(mark === 'fffe' ? 'utf-16le' : 'utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1251').decode(bytes);
  }
}

/**
 * `{"birth-date": ["01.02.1990"]}`; also one value without brackets, `birthDate` or `birth_date`, `null` for
 * none, all of it under `fields`, and a list of `{"name", "value"}`.
 */
export function fieldsOf(json: unknown): { fields: Record<string, string[]>; unknown: string[] } {
  const fields: Record<string, string[]> = {};
  const unknown: string[] = [];
  for (const [key, value] of pairsOf(json)) {
    const name = key
      .replace(/(\p{Ll})(\p{Lu})/gu, '$1-$2')
      .replace(/[_ ]/g, '-')
      .toLowerCase();
    const values = (Array.isArray(value) ? value : [value]).filter(each => each !== null && each !== '');
    const isPlain = values.every(each => typeof each === 'string' || typeof each === 'number');
    if (isFieldName(name) && isPlain) fields[name] = [...(fields[name] ?? []), ...values.map(String)];
    else unknown.push(key);
  }
  return { fields, unknown };
}

const asObject = (json: unknown): { kind?: unknown } =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {};

function pairsOf(json: unknown): [string, unknown][] {
  if (Array.isArray(json))
    return json.map(each => [String(Object(each).name), Object(each).value] as [string, unknown]);
  if (typeof json !== 'object' || json === null) return [];
  if ('fields' in json) return pairsOf(json.fields);
  return Object.entries(json);
}
