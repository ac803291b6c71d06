import { limits } from '../limits.ts';
import { malformed } from './malformed.ts';

/** Windows reads these as something else than a part of a name, and some strip control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbidden = /[\u0000-\u001f\u007f-\u009f\\:*?"<>|\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

/**
 * Refuses names that lead out of a folder or look like another name: absolute, `..`, backslash, drive
 * letters, control and direction characters, names that change under Unicode normalisation.
 * @throws AppError `package.malformed`
 */
export function checkEntryName(name: string): void {
  if (Buffer.byteLength(name) > limits.entryNameBytes) throw malformed('name-too-long');
  if (forbidden.test(name) || name.normalize('NFC') !== name)
    throw malformed('name-with-forbidden-characters');
  const parts = name.split('/');
  if (parts.some(part => part === '' || part === '.' || part === '..'))
    throw malformed('name-leads-elsewhere');
  // Windows drops dots and blanks at the end of a name, so that two names would become one.
  if (parts.some(part => /[. ]$/.test(part))) throw malformed('name-with-forbidden-characters');
}

/** Two names with the same key would overwrite each other on a disk that ignores case. */
export function nameKey(name: string): string {
  return name.toLowerCase();
}
