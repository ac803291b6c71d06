import { defineErrors } from '../error-table.ts';

export const queueErrors = defineErrors({
  'queue.unknown-service': {
    status: 404,
    retry: 'never',
    severity: 'attention',
    ru: 'Такой услуги в перечне нет. Талон не выдан. Выберите услугу из списка.',
    en: 'There is no such service in the register. No ticket was issued. Choose a service from the list.',
  },
  'queue.unknown-ticket': {
    status: 404,
    retry: 'never',
    severity: 'info',
    ru: 'Такого талона нет. Проверьте ссылку или возьмите новый талон.',
    en: 'There is no such ticket. Check the link or take a new ticket.',
  },
  'queue.nobody-waiting': {
    status: 409,
    retry: 'later',
    severity: 'info',
    ru: 'Сейчас никто не ждёт.',
    en: 'Nobody is waiting now.',
  },
  'queue.window-busy': {
    status: 409,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'У окна уже есть заявитель с талоном {number}. Сначала завершите приём.',
    en: 'Ticket {number} is already at this window. Finish with it first.',
  },
  'queue.wrong-state': {
    status: 409,
    retry: 'never',
    severity: 'attention',
    ru: 'С талоном {number} это сейчас сделать нельзя: его состояние изменилось. Список обновлён.',
    en: 'This cannot be done with ticket {number} now: its state has changed. The list was refreshed.',
  },
  'queue.no-register': {
    status: 503,
    retry: 'later',
    severity: 'trouble',
    ru: 'Перечень услуг ещё не загружен. Обратитесь к администратору зала.',
    en: 'The register of services is not loaded yet. Please ask the hall administrator.',
  },
});
