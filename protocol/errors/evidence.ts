import { defineErrors } from '../error-table.ts';

export const evidenceErrors = defineErrors({
  'evidence.no-stamp': {
    status: 503,
    retry: 'later',
    severity: 'attention',
    ru: 'Пакеты и результаты давно не получают меток времени ({reason}). Приём и обмен продолжаются; метки поставятся, как только служба ответит. Проверьте адрес службы (timeStamps в centre.json) и связь с ней.',
    en: 'Packages and results have had no time stamps for long ({reason}). Work goes on; stamps come as soon as the authority answers. Check its address (timeStamps in centre.json) and the line to it.',
  },
  'evidence.no-revocation': {
    status: 503,
    retry: 'later',
    severity: 'attention',
    ru: 'Давно не удаётся узнать, не отозваны ли сертификаты подписавших: {reason}. Приём и обмен продолжаются; подписи будут проверены ещё раз, как только ответ придёт. Проверьте связь с удостоверяющим центром.',
    en: 'For long nobody says whether signers were revoked: {reason}. Work goes on; signatures are judged again as soon as an answer comes. Check the line to the certification authority.',
  },
  'evidence.not-renewed': {
    status: 503,
    retry: 'later',
    severity: 'attention',
    ru: 'Метки времени пора обновить, но обновить их не удаётся ({reason}). Документы и нынешние доказательства целы; попытки повторяются каждый час. Проверьте связь со службой меток времени и то, что её сертификат действует дольше прежнего.',
    en: 'Time stamps are due for renewal, and it does not succeed ({reason}). Documents and present evidence are whole; it is tried again every hour. Check the line to the stamping authority, and that its certificate lasts longer than the one before.',
  },
  'evidence.export-no-stamp': {
    status: 503,
    retry: 'later',
    severity: 'attention',
    ru: 'Пакет с доказательствами не собран: нет метки времени ({reason}). Документы целы. Повторите через несколько минут или скачайте подлинник и доказательства отдельно.',
    en: 'The package with evidence was not made: there is no time stamp ({reason}). The documents are whole. Try again in some minutes, or download original and evidence one by one.',
  },
  'evidence.export-too-late': {
    status: 409,
    retry: 'never',
    severity: 'info',
    ru: 'Сегодняшняя метка времени уже не подтвердит подписи: {reason}. Скачайте подлинник и доказательства отдельно: вместе они доказывают прежнее время.',
    en: 'A time stamp of today proves the signatures no more: {reason}. Download original and evidence one by one: together they prove the earlier time.',
  },
  'evidence.signer-revoked': {
    status: 409,
    retry: 'never',
    severity: 'trouble',
    ru: 'Дело уже передано, а позже выяснилось, что подпись в нём нельзя считать действительной ({reason}). Документы не изменены. Сообщите ведомству и попросите подписать документы заново.',
    en: 'The case was passed on, and later it turned out that a signature in it cannot be held valid ({reason}). The documents are unchanged. Tell the agency and have the documents signed anew.',
  },
});
