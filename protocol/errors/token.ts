import { defineErrors } from '../error-table.ts';

export const tokenErrors = defineErrors({
  'token.absent': {
    status: 409,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Ключ электронной подписи не вставлен. Документы сохранены. Вставьте ключ и подпишите ещё раз.',
    en: 'The signature token is not plugged in. The documents are kept. Plug it in and sign again.',
  },
  'token.other-token': {
    status: 409,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Вставлен другой ключ электронной подписи. Документы сохранены. Вставьте ключ этого рабочего места и подпишите ещё раз.',
    en: 'Another signature token is plugged in. The documents are kept. Plug in the token of this place and sign again.',
  },
  'token.pin-refused': {
    status: 403,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Неверный PIN-код. Осталось попыток: {triesLeft}. Документы сохранены.',
    en: 'Wrong PIN. Tries left: {triesLeft}. The documents are kept.',
  },
  'token.pin-last-try': {
    status: 403,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Неверный PIN-код. Осталась последняя попытка, после неё ключ заблокируется. Документы сохранены. Если не уверены в PIN-коде, обратитесь к администратору безопасности.',
    en: 'Wrong PIN. One try is left; after it the token locks. The documents are kept. If you are not sure of the PIN, ask the security officer.',
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
    ru: 'Срок сертификата подписи истёк. Документы сохранены. Обратитесь к администратору безопасности за новым.',
    en: 'The signing certificate has expired. The documents are kept. Ask the security officer for a new one.',
  },
  'token.certificate-not-yet-valid': {
    status: 409,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Срок сертификата подписи ещё не наступил. Документы сохранены. Проверьте дату на этом устройстве; если она верна, обратитесь к администратору безопасности.',
    en: 'The signing certificate is not valid yet. The documents are kept. Check the date of this device; if it is right, ask the security officer.',
  },
  'token.certificate-not-for-signing': {
    status: 409,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Сертификат на ключе выдан не для подписи документов. Документы сохранены. Обратитесь к администратору безопасности.',
    en: 'The certificate on the token was not issued for signing documents. The documents are kept. Ask the security officer.',
  },
  'token.fault': {
    status: 503,
    retry: 'now',
    severity: 'attention',
    ru: 'Ключ не ответил. Документы сохранены. Выньте ключ, вставьте снова и повторите.',
    en: 'The token did not answer. The documents are kept. Pull it out, plug it in again and retry.',
  },
});
