import { fillText, type TextDetail } from './fill-text.ts';
import type { Text } from './values.ts';

/**
 * What the box noticed about the documents of a case. A warning tells the clerk where to look; it refuses
 * nothing by itself. What happened, and what to do.
 */
export const documentWarnings = {
  missing: {
    ru: 'Не хватает: {titles}.',
    en: 'Missing: {titles}.',
  },
  doubled: {
    ru: 'Документ «{title}» есть в деле дважды. Оставьте один.',
    en: 'The case has “{title}” twice. Keep one.',
  },
  'same-page': {
    ru: 'Одна и та же страница есть в разных документах: {titles}. Проверьте, не отсканирована ли она лишний раз.',
    en: 'The same page is in different documents: {titles}. Check whether it was scanned once too often.',
  },
  'looks-like': {
    ru: 'На месте документа «{title}», похоже, другой: {kind}. Проверьте, туда ли он отсканирован.',
    en: 'In the place of “{title}” there seems to be another document: {kind}. Check whether it was scanned to the right place.',
  },
  expired: {
    ru: 'Документ «{title}» действовал до {day}. Проверьте по бумаге; недействительный документ ведомство не примет.',
    en: '“{title}” was valid until {day}. Compare with the paper: the agency does not accept an expired document.',
  },
  'passport-age': {
    ru: 'Паспорт выдан до того, как заявителю исполнилось {age}, и подлежал замене до {day}. Проверьте дату выдачи по бумаге.',
    en: 'The passport was issued before the applicant turned {age} and had to be replaced by {day}. Compare the date of issue with the paper.',
  },
  stale: {
    ru: 'Документ «{title}» от {day}, а принимают не старше, чем за столько дней: {days}. Попросите свежий.',
    en: '“{title}” is of {day}; accepted are those not older than this many days: {days}. Ask for a fresh one.',
  },
  'name-differs': {
    ru: 'Имена не совпадают: {one} («{title}») и {other} («{otherTitle}»). Проверьте, об одном ли человеке документы.',
    en: 'Names differ: {one} (“{title}”) and {other} (“{otherTitle}”). Check whether the documents are about one person.',
  },
  'name-unsure': {
    ru: 'Имена отличаются немного: {one} («{title}») и {other} («{otherTitle}»). Сверьте буквы с бумагой.',
    en: 'Names differ a little: {one} (“{title}”) and {other} (“{otherTitle}”). Compare the letters with the paper.',
  },
  'birth-date-differs': {
    ru: 'Даты рождения не совпадают: {one} («{title}») и {other} («{otherTitle}»). Сверьте с бумагой.',
    en: 'Dates of birth differ: {one} (“{title}”) and {other} (“{otherTitle}”). Compare with the papers.',
  },
  'snils-differs': {
    ru: 'СНИЛС не совпадают: {one} («{title}») и {other} («{otherTitle}»). Сверьте с бумагой.',
    en: 'SNILS numbers differ: {one} (“{title}”) and {other} (“{otherTitle}”). Compare with the papers.',
  },
} satisfies Record<string, Text>;

export type DocumentWarningCode = keyof typeof documentWarnings;

/** A warning as pages show it. Its text may name a person: it goes to the clerk's page, never into a log. */
export interface DocumentWarning {
  code: DocumentWarningCode;
  ru: string;
  en: string;
  /** Documents to look at; none for one that is missing. */
  documentIds: string[];
}

export function documentWarning(
  code: DocumentWarningCode,
  documentIds: string[],
  details: Record<string, TextDetail>,
): DocumentWarning {
  const text = documentWarnings[code];
  return { code, ru: fillText(text, 'ru', details), en: fillText(text, 'en', details), documentIds };
}
