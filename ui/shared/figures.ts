import { language } from './language.ts';
import { localesOf } from './languages.ts';

const figure = (value: number, options: Intl.NumberFormatOptions) =>
  value.toLocaleString(localesOf(language.value), options);

/** `4,2` in Russian, `4.2` in English. */
export const showDecimal = (value: number): string =>
  figure(value, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** A share of 0–1 as `80 %` or `80%`. */
export const showShare = (share: number): string => figure(share, { style: 'percent' });
