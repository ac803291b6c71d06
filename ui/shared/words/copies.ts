import { defineWords } from './define-words.ts';

export const copyWords = defineWords({
  'copies.title': { ru: 'Реестр бумажных копий', en: 'Register of paper copies' },
  'copies.from': { ru: 'С', en: 'From' },
  'copies.to': { ru: 'По', en: 'To' },
  'copies.print': { ru: 'Напечатать', en: 'Print' },
  'copies.empty': {
    ru: 'За эти дни копий не выдавали. Копия появляется здесь, когда её делают в деле.',
    en: 'No copies on these days. A copy appears here when it is made in a case.',
  },
  'copies.cut': {
    ru: 'За эти дни копий больше: показаны новейшие {count}. Чтобы увидеть остальные, выберите более ранний последний день.',
    en: 'There are more copies on these days: the newest {count} are shown. To see the others, choose an earlier last day.',
  },
  'copies.number': { ru: 'Экземпляр', en: 'Copy' },
  'copies.date': { ru: 'Дата', en: 'Date' },
  'copies.case': { ru: 'Дело', en: 'Case' },
  'copies.document': { ru: 'Документ', en: 'Document' },
  'copies.pages': { ru: 'Листов', en: 'Sheets' },
  'copies.clerk': { ru: 'Специалист', en: 'Clerk' },
  'copies.printed': { ru: 'Печать', en: 'Printed' },
  'copies.not-printed': { ru: 'не напечатана', en: 'not printed' },
  'copies.open': { ru: 'Открыть', en: 'Open' },
});
