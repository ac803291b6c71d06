import { defineWords } from './define-words.ts';

/** What the kiosk and the page for booking ahead have in common. */
export const bookingWords = defineWords({
  'appointments.day': { ru: 'День', en: 'Day' },
  'appointments.time': { ru: 'Время', en: 'Time' },
  'appointments.no-days': {
    ru: 'Свободного времени в ближайшие дни нет. Приходите без записи или загляните завтра: записи отменяют.',
    en: 'There is no free time in the coming days. Come without an appointment, or look again tomorrow: people cancel.',
  },
  'appointments.book': { ru: 'Записаться на {at}', en: 'Book {at}' },
  'appointments.choose-time': { ru: 'Выберите время', en: 'Choose a time' },
  'appointments.booked': { ru: 'Вы записаны', en: 'You are booked' },
  'appointments.code': { ru: 'Код записи', en: 'Code' },
});
