import { defineErrors } from '../error-table.ts';

export const soundErrors = defineErrors({
  'sound.no-voice': {
    status: 503,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Голос недоступен: на устройстве нет espeak-ng или он не ответил. Очередь работает, вызовы видны на табло. Позовите техника.',
    en: 'There is no voice: espeak-ng is missing on the device or did not answer. The queue works, calls are on the board. Call the technician.',
  },
  'sound.unknown-text': {
    status: 404,
    retry: 'never',
    severity: 'info',
    ru: 'Такого текста для чтения вслух нет.',
    en: 'There is no such text to read aloud.',
  },
});
