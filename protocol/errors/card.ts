import { defineErrors } from '../error-table.ts';

export const cardErrors = defineErrors({
  'card.unreadable': {
    status: 503,
    retry: 'now',
    severity: 'attention',
    ru: 'Карта не читается. Ничего не потеряно. Протрите её, вставьте или приложите ещё раз и подержите.',
    en: 'The card cannot be read. Nothing is lost. Wipe it, then insert it or hold it to the reader again.',
  },
  'card.gone': {
    status: 409,
    retry: 'now',
    severity: 'attention',
    ru: 'Карту убрали раньше времени. Ничего не потеряно. Приложите её ещё раз и подержите.',
    en: 'The card was taken away too early. Nothing is lost. Hold it to the reader again.',
  },
  'card.timeout': {
    status: 504,
    retry: 'now',
    severity: 'attention',
    ru: 'Карта не ответила вовремя. Ничего не потеряно. Приложите её ещё раз.',
    en: 'The card did not answer in time. Nothing is lost. Hold it to the reader again.',
  },
});
