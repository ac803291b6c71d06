import { defineErrors } from '../error-table.ts';

export const syncErrors = defineErrors({
  'sync.centre-unreachable': {
    status: 503,
    retry: 'later',
    severity: 'attention',
    ru: 'Нет связи с центром. Отделение работает; всё отправится само, когда связь вернётся.',
    en: 'There is no link to the centre. The branch works; everything will be sent by itself when the link is back.',
  },
  'sync.identity-refused': {
    status: 403,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Центр не признал это устройство. Отделение работает, данные сохраняются. Позовите техника.',
    en: 'The centre does not accept this device. The branch works and data is kept. Call the technician.',
  },
  'sync.centre-untrusted': {
    status: 502,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'На линии отвечает не центр: его сертификат чужой. Отделение работает, данные сохраняются. Позовите техника.',
    en: 'Something other than the centre answers on the line: its certificate is foreign. The branch works and data is kept. Call the technician.',
  },
  'sync.journal-forked': {
    status: 409,
    retry: 'never',
    severity: 'trouble',
    ru: 'Журнал устройства расходится с книгой центра на записи {seq}: устройство скопировано или восстановлено. Всё сохранено. Позовите техника.',
    en: 'The journal of the device and the ledger of the centre differ at record {seq}: the device was copied or restored. Everything is kept. Call the technician.',
  },
  'sync.fact-refused': {
    status: 422,
    retry: 'never',
    severity: 'trouble',
    ru: 'Центр не смог разобрать запись {seq}. Она сохранена и отложена для разбора.',
    en: 'The centre could not read record {seq}. It is kept and set aside.',
  },
  'sync.identity-cloned': {
    status: 403,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Под именем {box} вошли два устройства сразу. Оба отключены на час, их данные хранятся на них. Найдите копию и выведите её из работы.',
    en: 'Two devices logged in as {box} at once. Both are shut out for an hour and keep their data. Find the copy and take it out of service.',
  },
  'sync.content-mismatch': {
    status: 422,
    retry: 'now',
    severity: 'attention',
    ru: 'Файл передан с искажением и будет передан снова.',
    en: 'A file arrived changed and will be sent again.',
  },
  'sync.bad-range': {
    status: 416,
    retry: 'now',
    severity: 'info',
    ru: 'Передача файла продолжится с другого места.',
    en: 'The transfer will go on from another place.',
  },
  'sync.too-much-unfinished': {
    status: 429,
    retry: 'later',
    severity: 'attention',
    ru: 'Слишком много незаконченных передач. Файл сохранён на устройстве и уйдёт, когда прежние закончатся.',
    en: 'Too many transfers are unfinished. The file is kept on the device and goes when the earlier ones are done.',
  },
  'sync.protocol-unknown': {
    status: 400,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Центр и устройство говорят на разных версиях. Данные сохраняются до обновления.',
    en: 'The centre and the device speak different versions. Data is kept until the update.',
  },
});
