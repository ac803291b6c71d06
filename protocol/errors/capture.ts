import { defineErrors } from '../error-table.ts';

export const captureErrors = defineErrors({
  'capture.empty': {
    status: 422,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Файл пуст. Остальные страницы приняты. Отсканируйте этот лист ещё раз.',
    en: 'The file is empty. The other pages were taken. Scan this sheet again.',
  },
  'capture.not-an-image': {
    status: 422,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Это не изображение страницы. Файл отложен, ничего не потеряно. Отсканируйте лист ещё раз.',
    en: 'This is not a picture of a page. The file is set aside, nothing is lost. Scan the sheet again.',
  },
  'capture.damaged': {
    status: 422,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Изображение повреждено. Файл отложен. Отсканируйте лист ещё раз.',
    en: 'The picture is damaged. The file is set aside. Scan the sheet again.',
  },
  'capture.too-large': {
    status: 413,
    retry: 'never',
    severity: 'attention',
    ru: 'Файл слишком большой ({megabytes} МБ). Файл отложен. Сканируйте с разрешением 300 точек на дюйм.',
    en: 'The file is too large ({megabytes} MB). It is set aside. Scan at 300 dots per inch.',
  },
  'capture.too-many-pixels': {
    status: 422,
    retry: 'never',
    severity: 'attention',
    ru: 'На странице слишком много точек. Файл отложен. Сканируйте с разрешением 300 точек на дюйм.',
    en: 'The page has too many pixels. The file is set aside. Scan at 300 dots per inch.',
  },
  'capture.blank-page': {
    status: 422,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Страница пустая. Проверьте, той ли стороной лежит лист.',
    en: 'The page is blank. Check which side of the sheet is up.',
  },
  'capture.timeout': {
    status: 504,
    retry: 'now',
    severity: 'attention',
    ru: 'Страница распознавалась слишком долго. Изображение сохранено. Нажмите «Распознать ещё раз».',
    en: 'Recognising the page took too long. The image is kept. Press “Recognise again”.',
  },
  'capture.engine-failed': {
    status: 503,
    retry: 'now',
    severity: 'attention',
    ru: 'Распознавание прервалось. Изображение сохранено. Повторите распознавание.',
    en: 'Recognition was interrupted. The image is kept. Recognise it again.',
  },
  'capture.no-language-data': {
    status: 503,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Не установлены данные для распознавания русского текста. Изображения сохраняются. Позовите техника.',
    en: 'Data for recognising Russian text is not installed. Images are kept. Call the technician.',
  },
  'capture.unknown-document': {
    status: 404,
    retry: 'never',
    severity: 'attention',
    ru: 'Такого документа нет. Обновите страницу.',
    en: 'There is no such document. Reload the page.',
  },
});
