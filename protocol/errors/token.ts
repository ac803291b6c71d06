import { defineErrors } from '../error-table.ts';

export const tokenErrors = defineErrors({
  'token.absent': {
    status: 409,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Ключ электронной подписи не вставлен. Документы сохранены. Вставьте ключ и подпишите ещё раз.',
    en: 'The signature token is not plugged in. The documents are kept. Plug it in and sign again.',
  },
  'token.pin-refused': {
    status: 403,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Неверный PIN-код. Осталось попыток: {triesLeft}. Документы сохранены.',
    en: 'Wrong PIN. Tries left: {triesLeft}. The documents are kept.',
  },
  'token.pin-locked': {
    status: 403,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'PIN-код заблокирован после неверных попыток. Документы сохранены. Обратитесь к администратору безопасности.',
    en: 'The PIN is locked after wrong tries. The documents are kept. Ask the security officer.',
  },
  'token.no-key': {
    status: 409,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'На ключе нет действующего сертификата подписи для этого сотрудника.',
    en: 'The token holds no valid signing certificate for this clerk.',
  },
  'token.certificate-expired': {
    status: 409,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Срок сертификата подписи истёк или ещё не наступил. Документы сохранены. Обратитесь к администратору безопасности.',
    en: 'The signing certificate has expired or is not valid yet. The documents are kept. Ask the security officer.',
  },
  'token.fault': {
    status: 503,
    retry: 'now',
    severity: 'attention',
    ru: 'Ключ не ответил. Документы сохранены. Выньте ключ, вставьте снова и повторите.',
    en: 'The token did not answer. The documents are kept. Pull it out, plug it in again and retry.',
  },
});
