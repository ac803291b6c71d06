import { defineWords } from './define-words.ts';

export const appointmentWords = defineWords({
  'appointments.title': { ru: 'Запись на приём', en: 'Book an appointment' },
  'appointments.new': { ru: 'Записаться', en: 'Book' },
  'appointments.have-code': { ru: 'У меня есть код', en: 'I have a code' },
  'appointments.branch': { ru: 'Отделение', en: 'Branch' },
  'appointments.service': { ru: 'Услуга', en: 'Service' },
  'appointments.service-hint': {
    ru: 'Начните вводить, например «паспорт»',
    en: 'Begin to type, for example “passport”',
  },
  'appointments.none-found': {
    ru: 'Такой услуги нет. Попробуйте другое слово.',
    en: 'There is no such service. Try another word.',
  },
  'appointments.other-service': { ru: 'Другая услуга', en: 'Another service' },
  'appointments.minutes': {
    ru: {
      one: 'приём около {count} минуты',
      few: 'приём около {count} минут',
      many: 'приём около {count} минут',
      other: 'приём около {count} минуты',
    },
    en: { one: 'about {count} minute', other: 'about {count} minutes' },
  },
  'appointments.move-to': { ru: 'Перенести на {at}', en: 'Move to {at}' },
  'appointments.cancelled': { ru: 'Запись отменена', en: 'The appointment is cancelled' },
  'appointments.used': { ru: 'Вы уже пришли по этой записи', en: 'You have come with this appointment' },
  'appointments.missed': { ru: 'Время записи прошло', en: 'The time of this appointment has passed' },
  'appointments.code-how': {
    ru: 'Запишите или сфотографируйте код. В отделении введите его в терминале: вас вызовут ко времени. По нему же запись переносят и отменяют.',
    en: 'Write the code down or take a picture. Enter it at the kiosk of the branch: you will be called at your time. With it you move or cancel the appointment.',
  },
  'appointments.code-field': { ru: 'Код из десяти цифр', en: 'Code of ten digits' },
  'appointments.show': { ru: 'Показать запись', en: 'Show' },
  'appointments.move': { ru: 'Перенести', en: 'Move' },
  'appointments.cancel': { ru: 'Отменить запись', en: 'Cancel the appointment' },
  'appointments.cancel-sure': { ru: 'Отменить эту запись?', en: 'Cancel this appointment?' },
  'appointments.cancel-how': {
    ru: 'Время достанется другому. Вернуть запись будет нельзя, только записаться заново.',
    en: 'Somebody else will get the time. It cannot be undone; you can only book anew.',
  },
  'appointments.keep': { ru: 'Оставить', en: 'Keep it' },
  'appointments.another': { ru: 'Записаться ещё раз', en: 'Book another one' },
  'appointments.no-person': {
    ru: 'Имя и телефон не нужны: достаточно кода.',
    en: 'No name or phone is needed: the code is enough.',
  },
  'appointments.wall-time': { ru: 'Время местное, отделения.', en: 'Times are local to the branch.' },
});
