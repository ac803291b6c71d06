import { defineWords } from './define-words.ts';

export const boardWords = defineWords({
  'board.called': { ru: 'Вызывают', en: 'Called now' },
  'board.ticket': { ru: 'Талон', en: 'Ticket' },
  'board.window': { ru: 'Окно', en: 'Window' },
  'board.waiting': { ru: 'Ожидают', en: 'Waiting' },
  'board.nobody-called': { ru: 'Номера появятся здесь', en: 'Numbers will appear here' },
  'board.nobody-called-how': {
    ru: 'Возьмите талон в терминале у входа',
    en: 'Take a ticket at the kiosk by the entrance',
  },
  'board.nobody-waiting': { ru: 'Никто не ждёт', en: 'Nobody is waiting' },
  'board.more': { ru: 'и ещё {count}', en: 'and {count} more' },
  'board.stale': { ru: 'Табло не обновляется', en: 'This board is not current' },
  'board.stale-how': {
    ru: 'Ваша очередь сохранена. Слушайте администратора зала.',
    en: 'Your place is kept. Please listen to the hall administrator.',
  },
  'board.plate-free': { ru: 'Ждите вызова', en: 'Please wait to be called' },
  'board.sound-off': { ru: 'Включить звук', en: 'Switch sound on' },
});
