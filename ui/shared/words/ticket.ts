import { defineWords } from './define-words.ts';

export const ticketWords = defineWords({
  'ticket.title': { ru: 'Талон {number}', en: 'Ticket {number}' },
  'ticket.page': { ru: 'Ваш талон', en: 'Your ticket' },
  'ticket.issued': { ru: 'Талон печатается', en: 'Your ticket is being printed' },
  'ticket.issued-how': {
    ru: 'Заберите его в терминале. Если принтер не работает, нажмите на терминале «Я запомнил номер».',
    en: 'Take it from the kiosk. If the printer does not work, press “I remember the number” there.',
  },
  'ticket.waiting': { ru: 'Вы в очереди', en: 'You are in the queue' },
  'ticket.next': { ru: 'Вы следующий', en: 'You are next' },
  'ticket.next-how': { ru: 'Будьте рядом с табло.', en: 'Please stay near the board.' },
  'ticket.ahead': { ru: 'Перед вами', en: 'Ahead of you' },
  'ticket.wait': { ru: 'Ждать ещё', en: 'Still to wait' },
  'ticket.at': { ru: 'Пригласят к {from}–{to}', en: 'You will be called at {from}–{to}' },
  'ticket.called': { ru: 'Вас вызывают', en: 'You are called' },
  'ticket.go-to': { ru: 'Подойдите к окну', en: 'Go to window' },
  'ticket.serving': { ru: 'Вас принимают', en: 'You are being served' },
  'ticket.at-window': { ru: 'Окно', en: 'Window' },
  'ticket.done': { ru: 'Приём завершён', en: 'Your visit is over' },
  'ticket.done-how': { ru: 'Страницу можно закрыть.', en: 'You may close this page.' },
  'ticket.no-show': { ru: 'Вас вызывали, но вы не подошли', en: 'You were called but did not come' },
  'ticket.no-show-how': {
    ru: 'Подойдите к администратору зала или возьмите новый талон.',
    en: 'Ask the hall administrator or take a new ticket.',
  },
  'ticket.held': { ru: 'Талон отложен', en: 'Your ticket is put aside' },
  'ticket.held-how': {
    ru: 'Ваше место сохранено. Вас вызовут снова.',
    en: 'Your place is kept. You will be called again.',
  },
  'ticket.papers': { ru: 'Ждём ваши документы', en: 'We are waiting for your papers' },
  'ticket.papers-how': {
    ru: 'Когда они будут с вами, подойдите к тому же окну.',
    en: 'When you have them, come back to the same window.',
  },
  'ticket.cancelled': { ru: 'Талон отменён', en: 'This ticket is cancelled' },
  'ticket.abandoned': { ru: 'Талон больше не действует', en: 'This ticket is no longer valid' },
  'ticket.abandoned-how': { ru: 'Возьмите новый талон в терминале.', en: 'Take a new ticket at the kiosk.' },
  'ticket.cancel': { ru: 'Отказаться от очереди', en: 'Leave the queue' },
  'ticket.cancel-ask': {
    ru: 'Отказаться от талона {number}? Вернуть его нельзя.',
    en: 'Give up ticket {number}? It cannot be taken back.',
  },
  'ticket.return': { ru: 'Я здесь, верните в очередь', en: 'I am here, put me back' },
  'ticket.may-return': {
    ru: 'До {time} можно вернуться на своё место в очереди.',
    en: 'Until {time} you may take your old place in the queue again.',
  },
  'ticket.service': { ru: 'Услуга', en: 'Service' },
  'ticket.issued-at': { ru: 'Взят в', en: 'Taken at' },
  'ticket.keep-open': {
    ru: 'Не закрывайте страницу: она обновляется сама.',
    en: 'Keep this page open: it refreshes by itself.',
  },
});
