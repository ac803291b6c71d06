/** Where Cyrillic letters sit on the keyboard, so that Alt+П works in either layout. */
const cyrillicKeys: Record<string, string> = {
  й: 'KeyQ',
  ц: 'KeyW',
  у: 'KeyE',
  к: 'KeyR',
  е: 'KeyT',
  н: 'KeyY',
  г: 'KeyU',
  ш: 'KeyI',
  щ: 'KeyO',
  з: 'KeyP',
  ф: 'KeyA',
  ы: 'KeyS',
  в: 'KeyD',
  а: 'KeyF',
  п: 'KeyG',
  р: 'KeyH',
  о: 'KeyJ',
  л: 'KeyK',
  д: 'KeyL',
  я: 'KeyZ',
  ч: 'KeyX',
  с: 'KeyC',
  м: 'KeyV',
  и: 'KeyB',
  т: 'KeyN',
  ь: 'KeyM',
};

/** `KeyboardEvent.code` of a letter as it is printed on a Russian or Latin keyboard. */
export function keyCodeOf(letter: string): string {
  const lower = letter.toLowerCase();
  return cyrillicKeys[lower] ?? `Key${lower.toUpperCase()}`;
}

/** A label split at its first such letter, which is then underlined; null when the letter is not in it. */
export function splitAtLetter(label: string, letter: string): [string, string, string] | null {
  const at = label.toLowerCase().indexOf(letter.toLowerCase());
  if (at < 0) return null;
  return [label.slice(0, at), label.slice(at, at + 1), label.slice(at + 1)];
}
