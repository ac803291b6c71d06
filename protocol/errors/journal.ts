import { defineErrors } from '../error-table.ts';

export const journalErrors = defineErrors({
  'journal.chain-broken': {
    status: 500,
    retry: 'never',
    severity: 'trouble',
    ru: 'Журнал устройства повреждён после записи {seq}. Работа остановлена, чтобы ничего не потерять. Позовите техника.',
    en: 'The journal of the device is damaged after record {seq}. Work is stopped so that nothing is lost. Call the technician.',
  },
  'journal.fact-too-large': {
    status: 500,
    retry: 'never',
    severity: 'trouble',
    ru: 'Запись журнала слишком велика. Ничего не изменилось. Сообщите технику.',
    en: 'A journal record is too large. Nothing was changed. Tell the technician.',
  },
  'journal.invalid-fact': {
    status: 500,
    retry: 'never',
    severity: 'trouble',
    ru: 'Запись журнала составлена неверно. Ничего не изменилось. Сообщите технику.',
    en: 'A journal record is malformed. Nothing was changed. Tell the technician.',
  },
  'journal.disk-full': {
    status: 507,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'На диске устройства не осталось места. Действие не выполнено, всё записанное раньше цело. Позовите техника, затем повторите.',
    en: 'The disk of the device is full. Nothing was done, and all that was recorded before is safe. Call the technician, then try again.',
  },
  'journal.epoch-begun': {
    status: 500,
    retry: 'never',
    severity: 'trouble',
    ru: 'Устройство начало новый журнал ({reason}). Записей прежнего журнала, которых нет ни на устройстве, ни в центре: {missing}. Остальное цело, работа идёт. Проверьте диск устройства.',
    en: 'The device began a new journal ({reason}). Records of the journal before that neither the device nor the centre has: {missing}. The rest is safe and work goes on. Check the disk of the device.',
  },
  'journal.checkpoint-invalid': {
    status: 500,
    retry: 'never',
    severity: 'trouble',
    ru: 'Контрольная подпись журнала (запись {seq}) не сходится: {reason}. Записи сохранены, но доказать их неизменность нельзя. Позовите техника.',
    en: 'The checkpoint of the journal (record {seq}) does not hold: {reason}. The records are kept, but that they are unchanged cannot be proved. Call the technician.',
  },
  'journal.behind-centre': {
    status: 500,
    retry: 'never',
    severity: 'trouble',
    ru: 'В центре записей больше, чем в журнале устройства ({newest}): похоже, журнал восстановлен из копии. Новые записи хранятся здесь и не отправляются. Позовите техника.',
    en: 'The centre holds more records than the journal of the device ({newest}): it seems to be restored from a copy. New records are kept here and not sent. Call the technician.',
  },
  'journal.blob-missing': {
    status: 500,
    retry: 'never',
    severity: 'trouble',
    ru: 'Файл документа не найден в хранилище. Позовите техника.',
    en: 'The file of the document is missing from the store. Call the technician.',
  },
  'journal.blob-corrupt': {
    status: 500,
    retry: 'never',
    severity: 'trouble',
    ru: 'Файл документа изменился в хранилище. Он не будет использован. Позовите техника.',
    en: 'The file of the document has changed in the store. It will not be used. Call the technician.',
  },
});
