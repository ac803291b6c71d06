import { defineErrors } from '../error-table.ts';

export const auditErrors = defineErrors({
  'audit.no-checkpoint': {
    status: 404,
    retry: 'later',
    severity: 'attention',
    ru: 'Журнал событий центра ещё не подписан, или такой подписи нет. Подпись ставится раз в минуту, если у центра есть печать (seal в centre.json).',
    en: 'The audit log of the centre is not signed yet, or there is no such signature. It is signed once a minute when the centre has a seal (seal in centre.json).',
  },
  'audit.unknown-entry': {
    status: 404,
    retry: 'later',
    severity: 'attention',
    ru: 'В подписанном журнале событий нет записи {source}. Новая запись попадает под подпись в течение минуты.',
    en: 'The signed audit log has no entry {source}. A new entry comes under a signature within a minute.',
  },
  'audit.no-stamp': {
    status: 503,
    retry: 'later',
    severity: 'attention',
    ru: 'Служба меток времени не отвечает или её метка неверна ({reason}). Приём и обмен продолжаются; журнал событий получит метку, как только служба ответит.',
    en: 'The time-stamping authority does not answer, or its stamp is wrong ({reason}). Work goes on; the audit log gets its stamp as soon as the authority answers.',
  },
  'audit.damaged': {
    status: 500,
    retry: 'never',
    severity: 'trouble',
    ru: 'Журнал событий центра повреждён: нет узла {level}/{at}. Восстановите базу из копии; прежние подписи журнала остаются доказательством.',
    en: 'The audit log of the centre is damaged: node {level}/{at} is missing. Put the database back from a copy; earlier signatures of the log stay as evidence.',
  },
});
