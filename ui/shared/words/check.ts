import { defineWords } from './define-words.ts';

export const checkWords = defineWords({
  'check.title': { ru: 'Проверка бумажной копии', en: 'Checking a paper copy' },
  'check.known': { ru: 'Копия выдана здесь', en: 'This copy was made here' },
  'check.known-how': {
    ru: 'Сверьте документ, номер дела и контрольную сумму с бумагой.',
    en: 'Compare the document, the case number and the digest with the paper.',
  },
  'check.known-invalid': {
    ru: 'Копия выдана здесь, но больше не действует',
    en: 'Made here, but no longer valid',
  },
  'check.known-invalid-how': {
    ru: 'Подпись ведомства под документом сейчас не проходит проверку. Обратитесь к специалисту.',
    en: 'The agency’s signature on the document does not pass verification now. Ask a clerk.',
  },
  'check.signature': { ru: 'Подпись ведомства', en: 'Signature of the agency' },
  'check.signature-valid': { ru: 'действительна, проверено {time}', en: 'valid, checked {time}' },
  'check.signature-invalid': {
    ru: 'не проходит проверку ({reasons}), проверено {time}',
    en: 'does not pass ({reasons}), checked {time}',
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
    ru: 'Подпись ведомства проверена при изготовлении копии и проверяется снова, когда вы открываете эту страницу.',
    en: 'The signature of the agency was verified when the copy was made, and is verified again when you open this page.',
  },
});
