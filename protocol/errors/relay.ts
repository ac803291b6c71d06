import { defineErrors } from '../error-table.ts';

export const relayErrors = defineErrors({
  'relay.agency-unreachable': {
    status: 503,
    retry: 'later',
    severity: 'attention',
    ru: 'Система ведомства не отвечает. Пакет сохранён и будет передан сам.',
    en: 'The system of the agency does not answer. The package is kept and will be passed on by itself.',
  },
  'relay.agency-refused': {
    status: 422,
    retry: 'never',
    severity: 'trouble',
    ru: 'Ведомство не приняло пакет: {reason}.',
    en: 'The agency refused the package: {reason}.',
  },
  'relay.no-agreement': {
    status: 409,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Нет действующего соглашения с ведомством: пакет не передан и хранится.',
    en: 'No agreement with the agency is in force: the package was not passed on and is kept.',
  },
  'relay.package-refused': {
    status: 422,
    retry: 'never',
    severity: 'trouble',
    ru: 'Пакет не прошёл проверку и не передан ведомству: {reason}.',
    en: 'The package failed verification and was not passed to the agency: {reason}.',
  },
  'relay.result-unsigned': {
    status: 422,
    retry: 'never',
    severity: 'trouble',
    ru: 'Результат пришёл без подписи должностного лица и не принят.',
    en: 'The result came without the signature of an officer and was not accepted.',
  },
  'relay.result-refused': {
    status: 422,
    retry: 'never',
    severity: 'trouble',
    ru: 'Подпись результата не прошла проверку: {reason}. Результат не принят, ведомство извещено.',
    en: 'The signature of the result failed verification: {reason}. It was not accepted and the agency was told.',
  },
  'relay.event-malformed': {
    status: 422,
    retry: 'never',
    severity: 'trouble',
    ru: 'Ведомство прислало сообщение, которое нельзя разобрать. Оно возвращено ведомству, остальные приняты.',
    en: 'The agency sent a message that cannot be read. It was returned to the agency; the others were taken.',
  },
});
