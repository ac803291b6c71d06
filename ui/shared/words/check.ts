import { defineWords } from './define-words.ts';

export const checkWords = defineWords({
  'check.title': { ru: 'Проверка бумажной копии', en: 'Checking a paper copy' },
  'check.known': { ru: 'Копия выдана здесь', en: 'This copy was made here' },
  'check.known-how': {
    ru: 'Сверьте документ, номер дела и контрольную сумму с бумагой.',
    en: 'Compare the document, the case number and the digest with the paper.',
  },
  'check.unknown': { ru: 'Такой копии нет', en: 'There is no such copy' },
  'check.unknown-how': {
    ru: 'Это отделение не выдавало копию с таким кодом. Обратитесь к специалисту.',
    en: 'This branch made no copy with this code. Ask a clerk.',
  },
  'check.document': { ru: 'Документ', en: 'Document' },
  'check.case': { ru: 'Дело', en: 'Case' },
  'check.copy': { ru: 'Экземпляр № {count}', en: 'Copy no. {count}' },
  'check.digest': { ru: 'Контрольная сумма (SHA-256)', en: 'Digest (SHA-256)' },
  'check.how': {
    ru: 'Подлинность подписи ведомства проверена при изготовлении копии.',
    en: 'The signature of the agency was verified when the copy was made.',
  },
});
