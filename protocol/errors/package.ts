import { defineErrors } from '../error-table.ts';

export const packageErrors = defineErrors({
  'package.malformed': {
    status: 422,
    retry: 'never',
    severity: 'trouble',
    ru: 'Пакет повреждён или собран не по правилам: {reason}.',
    en: 'The package is damaged or breaks the rules: {reason}.',
  },
  'package.verification-failed': {
    status: 422,
    retry: 'never',
    severity: 'trouble',
    ru: 'Подпись не прошла проверку: {reason}. Документы не изменены.',
    en: 'The signature failed verification: {reason}. The documents are unchanged.',
  },
  'package.indeterminate': {
    status: 422,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Проверить подпись нельзя: {reason}.',
    en: 'The signature cannot be judged: {reason}.',
  },
  'package.nothing-to-sign': {
    status: 409,
    retry: 'never',
    severity: 'attention',
    ru: 'В деле нет документов для подписи.',
    en: 'The case has no documents to sign.',
  },
});
