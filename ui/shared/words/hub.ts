import { defineWords } from './define-words.ts';

/** Which box of the branch runs the queue. */
export const hubWords = defineWords({
  'hub.replaced': {
    ru: 'Очередь теперь ведёт другое устройство: {box}',
    en: 'Another box runs the queue now: {box}',
  },
  'hub.spare': {
    ru: 'Это запасное устройство. Очередь ведёт {box}',
    en: 'This is a spare box. {box} runs the queue',
  },
  'hub.what': {
    ru: 'Талоны здесь не выдаются и не вызываются. Дела, начатые здесь, можно закончить.',
    en: 'No tickets are given or called here. Cases that were begun here can be finished.',
  },
  'hub.go': { ru: 'Перейти: {url}', en: 'Go to {url}' },

  'hub.title': { ru: 'Устройства отделения', en: 'Boxes of the branch' },
  'hub.state.hub': { ru: 'Главное: ведёт очередь', en: 'Hub: runs the queue' },
  'hub.state.spare': { ru: 'Запасное', en: 'Spare' },
  'hub.state.replaced': { ru: 'Заменено', en: 'Replaced' },
  'hub.pair.connected': { ru: '{box}: на связи', en: '{box}: connected' },
  'hub.pair.away': { ru: '{box}: не отвечает с {time}', en: '{box}: no answer since {time}' },
  'hub.pair.never': { ru: '{box}: не отвечает', en: '{box}: no answer' },
  'hub.known': {
    ru: {
      one: 'Известен {count} человек из его очереди',
      few: 'Известны {count} человека из его очереди',
      many: 'Известно {count} человек из его очереди',
      other: 'Известно {count} человека из его очереди',
    },
    en: {
      one: '{count} person of its line is known here',
      other: '{count} people of its line are known here',
    },
  },
  'hub.take-over': { ru: 'Сделать главным это устройство', en: 'Make this box the hub' },
  'hub.take-over-ask': {
    ru: 'Сделать главным это устройство? Очередь перейдёт сюда, {box} перестанет выдавать талоны.',
    en: 'Make this box the hub? The line comes here, {box} stops giving tickets.',
  },
  'hub.take-over-why': {
    ru: 'Нужно, если {box} сломалось. Специалисты откроют свои страницы по адресу этого устройства и войдут заново.',
    en: 'For when {box} is broken. Clerks open their pages at this box’s address and log in again.',
  },
});
