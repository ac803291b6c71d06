import { defineWords } from './define-words.ts';

export const forecastWords = defineWords({
  'forecast.title': { ru: 'Прогноз ожидания', en: 'Wait forecast' },
  'forecast.now': { ru: 'Сейчас обещаем', en: 'Told now' },
  'forecast.range': { ru: '{from}–{to} мин', en: '{from}–{to} min' },
  'forecast.up-to': { ru: 'до {to} мин', en: 'up to {to} min' },
  'forecast.made-of': {
    ru: 'Перед новым посетителем: {ahead}, окон в расчёте: {windows}',
    en: 'Before somebody who comes now: {ahead}; windows counted: {windows}',
  },
  'forecast.today': { ru: 'Сбылось сегодня', en: 'Came true today' },
  'forecast.of': { ru: 'из {count} обещаний', en: 'of {count} told' },
  'forecast.error': { ru: 'Средняя ошибка сегодня', en: 'Mean error today' },
  'forecast.minutes': { ru: '{count} мин', en: '{count} min' },
  'forecast.mean-wait': { ru: 'ждали в среднем {count} мин', en: 'waited {count} min on average' },
  'forecast.drifts': {
    ru: 'Сегодня сбывается меньше 70 % обещаний. Проверьте, открыты ли окна, которые отмечены открытыми, и завершаются ли приёмы вовремя.',
    en: 'Less than 70 % come true today. See whether windows that count as open are open, and whether visits are ended in time.',
  },
  'forecast.holds': { ru: 'Обещания сбываются', en: 'What is told holds' },
  'forecast.none': {
    ru: 'Сегодня ещё никому не пришлось ждать: обещать было нечего.',
    en: 'Nobody has had to wait today: there was nothing to tell.',
  },
  'forecast.by-day': { ru: 'По дням: сколько обещаний сбылось', en: 'By day: share that came true' },
  'forecast.by-hour': { ru: 'По часам дня, за две недели', en: 'By hour of the day, two weeks' },
  'forecast.aim': { ru: 'цель {from}–{to} %', en: 'aim {from}–{to} %' },
  'forecast.day': { ru: 'День', en: 'Day' },
  'forecast.told': { ru: 'Обещано', en: 'Told' },
  'forecast.inside': { ru: 'Сбылось', en: 'Came true' },
  'forecast.later': { ru: 'Ждали дольше', en: 'Waited longer' },
  'forecast.mean-error': { ru: 'Ошибка, мин', en: 'Error, min' },
  'forecast.mean': { ru: 'Ожидание, мин', en: 'Wait, min' },
});
