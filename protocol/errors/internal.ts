import { defineErrors } from '../error-table.ts';

export const internalErrors = defineErrors({
  'internal.unexpected': {
    status: 500,
    retry: 'later',
    severity: 'trouble',
    ru: 'Что-то сломалось в самой программе. Сохранённое не пострадало. Повторите действие; если не помогло, позовите техника.',
    en: 'Something broke inside the program. What was saved is safe. Try again; if it fails again, call the technician.',
  },
  'internal.bad-request': {
    status: 400,
    retry: 'never',
    severity: 'attention',
    ru: 'Запрос составлен неверно: {what}. Ничего не изменилось. Обновите страницу.',
    en: 'The request was malformed: {what}. Nothing was changed. Reload the page.',
  },
  'internal.database-away': {
    status: 503,
    retry: 'later',
    severity: 'trouble',
    ru: 'База данных центра не отвечает. Принятое раньше сохранено, новое будет принято, когда она ответит. Проверьте сервер PostgreSQL.',
    en: 'The centre’s database does not answer. What was accepted before is safe; the rest will be accepted when it answers. Check the PostgreSQL server.',
  },
  'internal.content-away': {
    status: 503,
    retry: 'later',
    severity: 'trouble',
    ru: 'Хранилище файлов центра не отвечает как условлено: {reason}. Принятое раньше сохранено, новое будет принято, когда оно ответит. Проверьте сервер S3 и ключи доступа к нему.',
    en: 'The centre’s content store does not answer as agreed: {reason}. What was accepted before is safe; the rest will be accepted when it answers. Check the S3 server and its access keys.',
  },
  'internal.not-found': {
    status: 404,
    retry: 'never',
    severity: 'info',
    ru: 'Здесь ничего нет. Вернитесь на предыдущую страницу.',
    en: 'There is nothing here. Go back to the previous page.',
  },
  'internal.too-many-pages': {
    status: 503,
    retry: 'later',
    severity: 'attention',
    ru: 'Открыто слишком много страниц, больше всего с вашего адреса в сети. Закройте лишние; эта страница подключится сама.',
    en: 'Too many pages are open, most of them from your network address. Close those that you do not need; this page connects by itself.',
  },
  'internal.too-large': {
    status: 413,
    retry: 'never',
    severity: 'attention',
    ru: 'Слишком много данных за один раз. Ничего не изменилось.',
    en: 'Too much data at once. Nothing was changed.',
  },
});
