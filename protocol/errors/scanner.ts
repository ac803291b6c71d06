import { defineErrors } from '../error-table.ts';

export const scannerErrors = defineErrors({
  'scanner.absent': {
    status: 503,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Сканер не найден. Отсканированное раньше сохранено. Проверьте питание и кабель.',
    en: 'The scanner was not found. Pages scanned before are kept. Check its power and cable.',
  },
  'scanner.busy': {
    status: 409,
    retry: 'later',
    severity: 'attention',
    ru: 'Сканер занят. Подождите и повторите.',
    en: 'The scanner is busy. Wait and try again.',
  },
  'scanner.jammed': {
    status: 503,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Замятие бумаги. Принято страниц: {pages}, они сохранены. Достаньте лист и продолжите с него.',
    en: 'Paper jam. Pages taken: {pages}, they are kept. Remove the sheet and go on from it.',
  },
  'scanner.no-documents': {
    status: 409,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'В лотке сканера нет бумаги. Положите документ и нажмите «Сканировать».',
    en: 'The feeder is empty. Put the document in and press Scan.',
  },
  'scanner.cover-open': {
    status: 503,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Открыта крышка сканера. Принятые страницы сохранены. Закройте крышку и повторите.',
    en: 'The scanner cover is open. Pages taken are kept. Close the cover and try again.',
  },
  'scanner.timeout': {
    status: 504,
    retry: 'later',
    severity: 'trouble',
    ru: 'Сканер не ответил вовремя. Принятые страницы сохранены. Повторите.',
    en: 'The scanner did not answer in time. Pages taken are kept. Try again.',
  },
  'scanner.fault': {
    status: 503,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Сканер сообщил об ошибке. Принятые страницы сохранены. Повторите; если не помогло, позовите техника.',
    en: 'The scanner reports an error. Pages taken are kept. Try again; if it fails again, call the technician.',
  },
  'scanner.double-feed': {
    status: 503,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Сканер взял два листа сразу. Принято страниц: {pages}, они сохранены. Достаньте листы, расправьте их и продолжите с первого из них.',
    en: 'The scanner took two sheets at once. Pages taken: {pages}, they are kept. Remove the sheets, straighten them and go on from the first of them.',
  },
  'scanner.cancelled': {
    status: 409,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Сканирование отменено на самом сканере. Принято страниц: {pages}, они сохранены. Чтобы продолжить, нажмите «Сканировать».',
    en: 'The scan was cancelled at the scanner. Pages taken: {pages}, they are kept. Press Scan to go on.',
  },
  'scanner.certificate-changed': {
    status: 503,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Сетевой сканер показал другой сертификат, чем раньше: страницы с него не приняты. Позовите техника: если сканер заменили или сбросили, пусть удалит {file}.',
    en: 'The network scanner shows another certificate than before: no pages are taken from it. Call the technician: if the scanner was replaced or reset, delete {file}.',
  },
});
