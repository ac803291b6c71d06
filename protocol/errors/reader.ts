import { defineErrors } from '../error-table.ts';

export const readerErrors = defineErrors({
  'reader.service-down': {
    status: 503,
    retry: 'later',
    severity: 'trouble',
    ru: 'Служба карт (pcscd) не работает: карты не читаются. Остальное работает. Запустите службу; считыватели подключатся сами.',
    en: 'The card service (pcscd) does not run: no cards are read. Everything else works. Start the service; readers will connect by themselves.',
  },
});
