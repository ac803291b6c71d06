import { defineWords } from './define-words.ts';

export const boardWords = defineWords({
  'board.title': { ru: 'Табло очереди', en: 'Queue board' },
  'board.called': { ru: 'Вызывают', en: 'Called now' },
  'board.ticket': { ru: 'Талон', en: 'Ticket' },
  'board.window': { ru: 'Окно', en: 'Window' },
  'board.called-to': { ru: 'Талон {number}, окно {window}', en: 'Ticket {number}, window {window}' },
  'board.waiting': { ru: 'Ожидают', en: 'Waiting' },
  'board.nobody-called': { ru: 'Номера появятся здесь', en: 'Numbers will appear here' },
  'board.nobody-called-how': {
    ru: 'Возьмите талон в терминале у входа',
    en: 'Take a ticket at the kiosk by the entrance',
  },
  'board.nobody-waiting': { ru: 'Никто не ждёт', en: 'Nobody is waiting' },
  'board.more': { ru: 'и ещё {count}', en: 'and {count} more' },
  'board.sound-off': { ru: 'Включить звук', en: 'Switch sound on' },
});
