import { defineWords } from './define-words.ts';

/** What scanners and card readers read, for clerks and technicians. */
export const readingWords = defineWords({
  'reading.ticket': { ru: 'Считан талон', en: 'A ticket was read' },
  'reading.appointment': { ru: 'Считан код записи', en: 'The code of an appointment was read' },
  'reading.payment': { ru: 'Считан код платежа', en: 'A payment code was read' },
  'reading.gs1': { ru: 'Считан код GS1', en: 'A GS1 code was read' },
  'reading.pdf417': { ru: 'Считан код документа', en: 'The code of a document was read' },
  'reading.text': { ru: 'Считан код', en: 'A code was read' },
  'reading.card': { ru: 'Считана карта', en: 'A card was read' },
  'reading.card-gone': { ru: 'Карту убрали', en: 'The card was taken away' },
  'reading.card-number': { ru: 'Номер карты', en: 'Number of the card' },
  'reading.card-unknown': {
    ru: 'Вид карты не знаком. Номер: {number}',
    en: 'An unknown kind of card. Number: {number}',
  },
});
