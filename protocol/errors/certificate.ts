import { defineErrors } from '../error-table.ts';

/** `what` is whose certificate, in both languages; `until` its last day. */
export const certificateErrors = defineErrors({
  'certificate.ends-soon': {
    status: 409,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Через {days} дн., {until}, кончается сертификат: {what}. Пока всё работает. Закажите новый (npx okno centre renew-certificate).',
    en: 'In {days} days, on {until}, a certificate ends: {what}. Everything still works. Order a new one (npx okno centre renew-certificate).',
  },
  'certificate.ends-now': {
    status: 409,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Через {days} дн., {until}, кончается сертификат: {what}. После этого его не примут. Замените его сейчас (npx okno box install-certificate).',
    en: 'In {days} days, on {until}, a certificate ends: {what}. After that nobody accepts it. Replace it now (npx okno box install-certificate).',
  },
  'certificate.ended': {
    status: 409,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Кончился сертификат ({until}): {what}. Отделение работает и данные сохраняются, но там, где он нужен, его не принимают. Замените его (npx okno box install-certificate).',
    en: 'A certificate has ended ({until}): {what}. The branch works and data is kept, but where it is needed it is not accepted. Replace it (npx okno box install-certificate).',
  },
  'certificate.unfit': {
    status: 409,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Сертификат не подходит ({what}). Прежний остался на месте. Возьмите выданный для этого ключа и этого имени.',
    en: 'The certificate does not fit ({what}). The earlier one is still in place. Take the one that was issued for this key and this name.',
  },
});
