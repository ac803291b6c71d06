import { defineErrors } from '../error-table.ts';

const ofFile = { status: 400, retry: 'after-fix', severity: 'attention' } as const;

export const simulationErrors = defineErrors({
  'simulation.file-unreadable': {
    ...ofFile,
    ru: 'Файл {file} не открывается. Проверьте имя и права на чтение.',
    en: 'The file {file} cannot be opened. Check its name and whether you may read it.',
  },
  'simulation.bad-option': {
    ...ofFile,
    ru: 'Параметр не подходит: {option}. Нагрузки — числа от 0 до 5 через запятую, дни — от 1 до 1000, сдвиг — до 24 часов.',
    en: 'This option does not fit: {option}. Loads are numbers from 0 to 5 with commas between, days from 1 to 1000, the offset up to 24 hours.',
  },
  'simulation.row-unreadable': {
    ...ofFile,
    severity: 'info',
    ru: 'Строка {line} пропущена, остальные учтены: не понято «{text}» ({why}). Нужны время прихода, услуга, длительность в секундах, терпение в секундах или пусто.',
    en: 'Line {line} is left out, the others count: “{text}” is not understood ({why}). Wanted: arrival time, service, duration in seconds, patience in seconds or empty.',
  },
  'simulation.rows-left-out': {
    ...ofFile,
    severity: 'info',
    ru: 'Всего пропущено строк: {rows}.',
    en: 'Lines left out altogether: {rows}.',
  },
  'simulation.no-arrivals': {
    ...ofFile,
    ru: 'В файле нет ни одной строки с понятным временем прихода и длительностью (строк: {rows}). Нужны столбцы: время прихода, услуга, длительность в секундах, терпение в секундах или пусто.',
    en: 'No line of the file has a readable arrival time and duration (lines: {rows}). Wanted columns: arrival time, service, duration in seconds, patience in seconds or empty.',
  },
  'simulation.no-durations': {
    ...ofFile,
    ru: 'В файле нет ни одной длительности обслуживания. Нужен столбец с секундами у окна.',
    en: 'The file has no duration of any visit. A column with seconds at the window is wanted.',
  },
  'simulation.no-windows': {
    ...ofFile,
    ru: 'В файле окон нет ни одной строки. Нужны столбцы: окно, открытие, закрытие.',
    en: 'The file of windows has no lines. Wanted columns: window, opens, closes.',
  },
  'simulation.window-unreadable': {
    ...ofFile,
    ru: 'В файле окон не понята строка {line}. Нужны столбцы: окно, открытие, закрытие, например «3,09:00,18:00».',
    en: 'Line {line} of the file of windows is not understood. Wanted columns: window, opens, closes, like “3,09:00,18:00”.',
  },
  'simulation.many-refused': {
    ...ofFile,
    ru: 'Людей, пришедших при закрытых окнах: {refused}; они не учтены. Если время прихода в UTC, задайте сдвиг: --offset-hours.',
    en: 'People who came while all windows were shut: {refused}; they do not count. If arrival times are in UTC, give --offset-hours.',
  },
});
