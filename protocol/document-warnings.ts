import { fillText, type TextDetail } from './fill-text.ts';
import type { Text } from './values.ts';

/**
 * What the box noticed about the documents of a case. A warning tells the clerk where to look; it refuses
 * nothing by itself. Pages put «Проверьте» above the list, so that each line says only what was noticed.
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
    ru: 'Одна и та же страница есть в разных документах: {titles}.',
    en: 'The same page is in different documents: {titles}.',
  },
  'page-twice': {
    ru: 'Документ «{title}»: на страницах {one} и {other}, похоже, один и тот же лист.',
    en: '“{title}”: pages {one} and {other} seem to be the same sheet.',
  },
  'page-in-two': {
    ru: 'Похоже, один и тот же лист: страница {one} документа «{title}» и страница {other} документа «{otherTitle}».',
    en: 'The same sheet, it seems: page {one} of “{title}” and page {other} of “{otherTitle}”.',
  },
  'looks-like': {
    ru: 'На месте документа «{title}», похоже, другой: {kind}.',
    en: 'In the place of “{title}” there seems to be another document: {kind}.',
  },
  expired: {
    ru: 'Документ «{title}» действовал до {day}.',
    en: '“{title}” was valid until {day}.',
  },
  'passport-age': {
    ru: 'Паспорт выдан до того, как заявителю исполнилось {age}, и подлежал замене до {day}.',
    en: 'The passport was issued before the applicant turned {age} and had to be replaced by {day}.',
  },
  stale: {
    ru: 'Документ «{title}» от {day}, а принимают выданные не раньше, чем за столько дней: {days}.',
    en: '“{title}” is of {day}; accepted are those not older than this many days: {days}.',
  },
  'name-differs': {
    ru: 'Имена не совпадают: {one} («{title}») и {other} («{otherTitle}»).',
    en: 'Names differ: {one} (“{title}”) and {other} (“{otherTitle}”).',
  },
  'name-unsure': {
    ru: 'Имена отличаются немного: {one} («{title}») и {other} («{otherTitle}»).',
    en: 'Names differ a little: {one} (“{title}”) and {other} (“{otherTitle}”).',
  },
  'birth-date-differs': {
    ru: 'Даты рождения не совпадают: {one} («{title}») и {other} («{otherTitle}»).',
    en: 'Dates of birth differ: {one} (“{title}”) and {other} (“{otherTitle}”).',
  },
  'snils-differs': {
    ru: 'СНИЛС не совпадают: {one} («{title}») и {other} («{otherTitle}»).',
    en: 'SNILS numbers differ: {one} (“{title}”) and {other} (“{otherTitle}”).',
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
  /** A page, from 0, that may be taken out: its sheet is there already. */
  extraPage?: { documentId: string; page: number };
}

export function documentWarning(
  code: DocumentWarningCode,
  documentIds: string[],
  details: Record<string, TextDetail>,
): DocumentWarning {
  const text = documentWarnings[code];
  return { code, ru: fillText(text, 'ru', details), en: fillText(text, 'en', details), documentIds };
}
