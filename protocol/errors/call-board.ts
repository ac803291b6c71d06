import { defineErrors } from '../error-table.ts';

export const callBoardErrors = defineErrors({
  'call-board.silent': {
    status: 503,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Табло или кнопка окна не отвечает. Вызов с рабочего места и общее табло работают. Проверьте питание и кабель.',
    en: 'The plate or button of a window does not answer. Calling from the desk and the hall board work. Check its power and cable.',
  },
});
