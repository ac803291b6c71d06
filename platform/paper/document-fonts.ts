import { existsSync } from 'node:fs';
import { AppError } from '../../protocol/app-error.ts';

export interface DocumentFonts {
  text: string;
  bold: string;
  small: string;
  smallBold: string;
  mono: string;
}

const root = '/usr/share/fonts/truetype';

/** Families with Cyrillic that Debian packages, best first. PT was drawn for Russian official documents. */
const families: DocumentFonts[] = [
  {
    text: `${root}/paratype/PTF55F.ttf`,
    bold: `${root}/paratype/PTF75F.ttf`,
    small: `${root}/paratype/PTS55F.ttf`,
    smallBold: `${root}/paratype/PTS75F.ttf`,
    mono: `${root}/paratype/PTM55F.ttf`,
  },
  {
    text: `${root}/liberation/LiberationSerif-Regular.ttf`,
    bold: `${root}/liberation/LiberationSerif-Bold.ttf`,
    small: `${root}/liberation/LiberationSans-Regular.ttf`,
    smallBold: `${root}/liberation/LiberationSans-Bold.ttf`,
    mono: `${root}/liberation/LiberationMono-Regular.ttf`,
  },
];

/** Files of the first family that is installed whole. Throws `setup.package-missing`. */
export function documentFonts(candidates: DocumentFonts[] = families): DocumentFonts {
  const found = candidates.find(family => Object.values(family).every(file => existsSync(file)));
  if (found) return found;
  throw new AppError('setup.package-missing', {
    package: 'fonts-paratype',
    command: 'apt-get install fonts-paratype',
  });
}
