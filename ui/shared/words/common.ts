import { defineWords } from './define-words.ts';

const ownErrors = {
  'page.no-answer': {
    ru: 'Устройство не ответило. Сохранённое не пострадало. Подождите немного и повторите.',
    en: 'The device did not answer. What was saved is safe. Wait a little and try again.',
  },
  'page.busy': {
    ru: 'Ещё не закончено то, что нажали раньше, поэтому это нажатие ничего не сделало. Повторите, когда закончится.',
    en: 'What was pressed before is not finished, so this press did nothing. Press again when it is.',
  },
  'page.bad-answer': {
    ru: 'Ответ устройства не удалось прочитать. Сохранённое не пострадало. Повторите; если не помогло, позовите техника.',
    en: 'The answer of the device could not be read. What was saved is safe. Try again; if it fails again, call the technician.',
  },
} as const;

const words = defineWords({
  'wait.up-to': {
    ru: {
      one: 'до {count} минуты',
      few: 'до {count} минут',
      many: 'до {count} минут',
      other: 'до {count} минут',
    },
    en: { one: 'up to {count} minute', other: 'up to {count} minutes' },
  },
  'wait.about': {
    ru: {
      one: 'около {count} минуты',
      few: 'около {count} минут',
      many: 'около {count} минут',
      other: 'около {count} минут',
    },
    en: { one: 'about {count} minute', other: 'about {count} minutes' },
  },
  'wait.range': {
    ru: {
      one: '{from}–{count} минута',
      few: '{from}–{count} минуты',
      many: '{from}–{count} минут',
      other: '{from}–{count} минут',
    },
    en: { one: '{from}–{count} minute', other: '{from}–{count} minutes' },
  },
  'wait.hours': {
    ru: {
      one: 'около {count} часа',
      few: 'около {count} часов',
      many: 'около {count} часов',
      other: 'около {count} часа',
    },
    en: { one: 'about {count} hour', other: 'about {count} hours' },
  },
  'wait.hours-range': {
    ru: {
      one: '{from}–{count} час',
      few: '{from}–{count} часа',
      many: '{from}–{count} часов',
      other: '{from}–{count} часа',
    },
    en: { one: '{from}–{count} hour', other: '{from}–{count} hours' },
  },
  'closing.until': { ru: 'Приём до {time}', en: 'We close at {time}' },
  'closing.today': { ru: 'Приём сегодня', en: 'Today' },
  'closing.maybe-not': { ru: 'можем не успеть', en: 'you may not be seen' },
  'closing.ended': { ru: 'окончен в {time}', en: 'closed at {time}' },
  people: {
    ru: {
      one: '{count} человек',
      few: '{count} человека',
      many: '{count} человек',
      other: '{count} человека',
    },
    en: { one: '{count} person', other: '{count} people' },
  },
  'minutes.short': { ru: '{count} мин', en: '{count} min' },
  'page.product': { ru: 'Окно', en: 'Okno' },
  'page.not-found': { ru: 'Здесь ничего нет', en: 'There is nothing here' },
  'page.not-found-how': {
    ru: 'Проверьте адрес или вернитесь на предыдущую страницу.',
    en: 'Check the address or go back to the previous page.',
  },
  'page.loading': { ru: 'Загружаем…', en: 'Loading…' },
  'page.retry': { ru: 'Повторить', en: 'Try again' },
  'page.close': { ru: 'Закрыть', en: 'Close' },
  'page.cancel': { ru: 'Отмена', en: 'Cancel' },
  'page.back': { ru: 'Назад', en: 'Back' },
  'page.code': { ru: 'Код для техника: {code}', en: 'Code for the technician: {code}' },
  'fresh.connecting': { ru: 'Соединяемся…', en: 'Connecting…' },
  'fresh.live': { ru: 'Данные обновляются', en: 'Figures are current' },
  'fresh.stale': { ru: 'Нет связи. Данные на {time}', en: 'No link. Figures as of {time}' },
  'login.title': { ru: 'Вход', en: 'Log in' },
  'login.login': { ru: 'Имя для входа', en: 'Login name' },
  'login.password': { ru: 'Пароль', en: 'Password' },
  'login.enter': { ru: 'Войти', en: 'Log in' },
  'login.leave': { ru: 'Выйти', en: 'Log out' },
  'login.again': {
    ru: 'Сеанс закончился. Войдите снова: дело и исправления на месте.',
    en: 'The session has ended. Log in again: the case and your corrections are in place.',
  },
  'login.caps': { ru: 'Включён Caps Lock', en: 'Caps Lock is on' },
  'login.wrong-role': {
    ru: 'Эта страница не для вашей роли. Войдите под другим именем.',
    en: 'This page is not for your role. Log in with another name.',
  },
  'login.to-technician': { ru: 'Страница техника', en: 'The technician’s page' },
  'login.to-archive': { ru: 'Открыть архив', en: 'Open the archive' },
  'size.kilobytes': { ru: '{count} КБ', en: '{count} kB' },
  'size.megabytes': { ru: '{count} МБ', en: '{count} MB' },
  search: { ru: 'Поиск по документам', en: 'Search documents' },
  'search.case': { ru: 'Дело {number}', en: 'Case {number}' },
  'search.empty': {
    ru: 'Ничего не нашлось. Попробуйте другое слово из документа.',
    en: 'Nothing found. Try another word of the document.',
  },
});

export const commonWords = { ...ownErrors, ...words };
