/*
 * What one board shows, by its address: `/board?zone=left` the windows of a zone, `/board?window=3` the plate
 * over one window, `languages=ru,en` what calls are spoken in, `sound=off` for the second board in a room.
 */
export interface BoardOptions {
  zone: string | null;
  window: string | null;
  /** Languages that calls are spoken in, in this order. */
  languages: string[];
  sounds: boolean;
}

export function readOptions(search: string): BoardOptions {
  const asked = new URLSearchParams(search);
  const languages = (asked.get('languages') ?? 'ru,en').split(',').filter(name => /^[a-z]{2,3}$/.test(name));
  return {
    zone: asked.get('zone'),
    window: asked.get('window'),
    languages: languages.length > 0 ? languages : ['ru'],
    // A plate hangs over its window; the call is spoken by the boards of the hall.
    sounds: asked.get('sound') !== 'off' && !asked.has('window'),
  };
}
