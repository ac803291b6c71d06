/**
 * JSON with sorted keys and no white space, so that two programs digest the same bytes. The subset of
 * RFC 8785 that facts need: numbers are integers or short decimals, `undefined` members are left out.
 * `written` are members of the outermost object whose text is known already. Every fact goes through here
 * on both sides, so what is in order already is left to the engine, and other text grows in place, without
 * arrays in between.
 */
export function canonicalJson(value: unknown, written?: Readonly<Record<string, string>>): string {
  if (value === null || typeof value !== 'object' || (!written && isInOrder(value)))
    return JSON.stringify(value);
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text === '' ? '' : ','}${canonicalJson(item ?? null)}`;
    return `[${text}]`;
  }
  const members = value as Record<string, unknown>;
  for (const key of Object.keys(members).sort()) {
    const member = members[key];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${written?.[key] ?? canonicalJson(member)}`;
  }
  return `{${text}}`;
}

/** Whether the names of every object in it are sorted, as they are in what was canonical text before. */
function isInOrder(value: object): boolean {
  const isList = Array.isArray(value);
  let last = '';
  for (const key in value) {
    if (!isList && key < last) return false;
    last = key;
    const member = (value as Record<string, unknown>)[key];
    if (member !== null && typeof member === 'object' && !isInOrder(member)) return false;
  }
  return true;
}
