import { defineErrors } from '../error-table.ts';

export const accessErrors = defineErrors({
  'access.login-required': {
    status: 401,
    retry: 'after-fix',
    severity: 'info',
    ru: 'Войдите, чтобы продолжить. Начатое дело сохранено.',
    en: 'Log in to go on. The case you began is saved.',
  },
  'access.bad-credentials': {
    status: 401,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Имя или пароль не подходят. Проверьте раскладку и клавишу Caps Lock.',
    en: 'The name or the password is wrong. Check the keyboard layout and Caps Lock.',
  },
  'access.too-many-tries': {
    status: 429,
    retry: 'later',
    severity: 'attention',
    ru: 'Слишком много попыток входа. Подождите {seconds} с.',
    en: 'Too many attempts to log in. Wait {seconds} s.',
  },
  'access.forbidden': {
    status: 403,
    retry: 'never',
    severity: 'attention',
    ru: 'Вашей роли это не разрешено. Обратитесь к администратору.',
    en: 'Your role may not do this. Ask the administrator.',
  },
});
