import { defineErrors } from '../error-table.ts';

export const hubErrors = defineErrors({
  'hub.replaced': {
    status: 503,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Очередь ведёт другое устройство отделения, {box}. Здесь талоны не выдаются и не вызываются; выданные раньше переданы туда. Откройте страницу по адресу {url}.',
    en: 'Another box of the branch, {box}, runs the queue. No tickets are given or called here; those given before went there. Open the page at {url}.',
  },
  'hub.spare': {
    status: 503,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Это запасное устройство. Очередь ведёт {box}, талоны здесь не выдаются. Откройте страницу по адресу {url}. Если {box} не работает, техник может сделать главным это устройство.',
    en: 'This is a spare box. {box} runs the queue, no tickets are given here. Open the page at {url}. If {box} does not work, a technician can make this box the hub.',
  },
  'hub.no-pair': {
    status: 409,
    retry: 'never',
    severity: 'attention',
    ru: 'В этом отделении одно устройство, заменять некого. Запасное настраивает команда «okno spare write».',
    en: 'This branch has one box, there is nobody to take over from. The command “okno spare write” sets up a spare one.',
  },
  'hub.pair-away': {
    status: 503,
    retry: 'later',
    severity: 'attention',
    ru: 'Другое устройство отделения, {box}, не отвечает. Здесь всё работает. Проверьте его питание и сеть.',
    en: 'The other box of the branch, {box}, does not answer. Everything works here. Check its power and network.',
  },
});
