import { limits } from '../limits.ts';
import { malformed, type Oddity } from './malformed.ts';

/** Characters that hide what a name is: controls, invisible ones, those that turn the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const deceiving = /[\u0000-\u001f\u007f-\u009f\\\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
/** Windows reads these as something else than a part of a name. */
const notOnWindows = /[:*?"<>|]/;

/**
 * Refuses names that lead out of a folder or look like another name: absolute, `..`, backslash, control and
 * direction characters. Names that Windows or Unicode normalisation would change are odd.
 * @throws AppError `package.malformed`
 */
export function checkEntryName(name: string, odd: Oddity): void {
  if (Buffer.byteLength(name) > limits.entryNameBytes) throw malformed('name-too-long');
  if (deceiving.test(name) || /^[A-Za-z]:/.test(name)) throw malformed('name-with-forbidden-characters');
  const parts = name.split('/');
  if (parts.some(part => part === '' || part === '.' || part === '..'))
    throw malformed('name-leads-elsewhere');
  // Windows drops dots and blanks at the end of a name, so that two names would become one.
  if (notOnWindows.test(name) || name.normalize('NFC') !== name || parts.some(part => /[. ]$/.test(part)))
    odd('name-with-forbidden-characters');
}

/** Two names with the same key would overwrite each other on a disk that ignores case or normalises names. */
export function nameKey(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .split('/')
    .map(part => part.replace(/[. ]+$/, ''))
    .join('/');
}
