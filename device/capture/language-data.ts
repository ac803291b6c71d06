import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../protocol/app-error.ts';

const debianRoot = '/usr/share/tesseract-ocr';
/** Russian alone misreads every Latin letter (CER 1.9 → 6 % measured). */
const needed = ['rus.traineddata', 'eng.traineddata'];

/**
 * The folder with the Russian and English data: the given one, or where Debian's `tesseract-ocr-rus` and
 * `tesseract-ocr-eng` put it (npm has no Russian data).
 * @throws AppError `capture.no-language-data`
 */
export function getLanguageDataDir(given?: string): string {
  const found = (given === undefined ? debianDirs() : [given]).find(dir =>
    needed.every(file => existsSync(join(dir, file))),
  );
  if (found === undefined) throw new AppError('capture.no-language-data');
  return found;
}

/** Newest version first: `/usr/share/tesseract-ocr/5/tessdata`. */
function debianDirs(): string[] {
  if (!existsSync(debianRoot)) return [];
  return readdirSync(debianRoot)
    .sort((one, other) => Number.parseFloat(other) - Number.parseFloat(one))
    .map(version => join(debianRoot, version, 'tessdata'));
}
