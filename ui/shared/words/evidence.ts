import { defineWords } from './define-words.ts';

export const evidenceWords = defineWords({
  'evidence.title': { ru: 'Доказательства', en: 'Evidence' },
  'evidence.state.none': { ru: 'не собираются', en: 'not gathered' },
  'evidence.state.awaited': { ru: 'собираются', en: 'being gathered' },
  'evidence.state.outage': { ru: 'задерживаются', en: 'delayed' },
  'evidence.state.no-stamp': { ru: 'без метки времени', en: 'without time stamp' },
  'evidence.state.complete': { ru: 'собраны', en: 'complete' },
  'evidence.state.renewal': { ru: 'обновляются', en: 'being renewed' },
  'evidence.state.lapsed': { ru: 'больше не действуют', en: 'no longer good' },
  'evidence.state.destroyed': { ru: 'уничтожены', en: 'destroyed' },
  'evidence.next.none': {
    ru: 'Для этого документа нет ни метки времени, ни сведений об отзыве сертификатов. Подписи можно проверить, пока действуют сертификаты подписавших.',
    en: 'There is neither a time stamp nor news of revocation for this document. Signatures can be checked while the signers’ certificates last.',
  },
  'evidence.next.awaited': {
    ru: 'Документ уже передан дальше. Недостающее придёт само, обычно за минуту.',
    en: 'The document has been passed on. What is missing comes by itself, usually within a minute.',
  },
  'evidence.next.outage': {
    ru: 'Служба не отвечает. Документ цел и передан дальше; попытки повторяются каждую минуту. Сообщите технику, если так будет завтра.',
    en: 'The authority does not answer. The document is whole and has been passed on; it is tried again every minute. Tell the technician if it is so tomorrow.',
  },
  'evidence.next.no-stamp': {
    ru: 'Метки времени центр не запрашивает. Подписи можно проверить, пока действуют сертификаты подписавших.',
    en: 'The centre asks for no time stamps. Signatures can be checked while the signers’ certificates last.',
  },
  'evidence.next.complete': {
    ru: 'Делать ничего не нужно: новая метка будет поставлена сама, начиная с {from}.',
    en: 'Nothing is to be done: a newer stamp is taken by itself from {from} on.',
  },
  'evidence.next.renewal': {
    ru: 'Метка скоро перестанет действовать или опирается на устаревший способ. Новая запрашивается каждый час.',
    en: 'The stamp ends soon or rests on an outdated method. A newer one is asked for every hour.',
  },
  'evidence.next.lapsed': {
    ru: 'Срок последней метки вышел раньше, чем была поставлена новая. Что документ не изменён, подтверждает журнал событий центра. Сообщите технику.',
    en: 'The last stamp ended before a newer one was taken. The centre’s audit log still shows that the document is unchanged. Tell the technician.',
  },
  'evidence.next.destroyed': {
    ru: 'Уничтожены вместе с документом. Остались контрольные суммы.',
    en: 'Destroyed with the document. Digests remain.',
  },
  'evidence.proven': {
    ru: 'Доказано, что документ существовал не позже {time}.',
    en: 'It is proved that the document existed by {time}.',
  },
  'evidence.good-until': { ru: 'Доказательство действует до {time}.', en: 'The proof is good until {time}.' },
  'evidence.awaited.stamp': { ru: 'Метка времени: ждём с {time}', en: 'Time stamp: awaited since {time}' },
  'evidence.awaited.revocation': {
    ru: 'Не отозваны ли сертификаты: ждём ответа с {time}',
    en: 'Whether certificates were revoked: awaited since {time}',
  },
  'evidence.checks': {
    ru: 'Подписи проверены при приёме {time}',
    en: 'Signatures were checked on receipt {time}',
  },
  'evidence.checked-again': { ru: 'и ещё раз {time}', en: 'and again {time}' },
  'evidence.pieces': { ru: 'Из чего состоят: {count}', en: 'What they are made of: {count}' },
  'evidence.kind.stamp': { ru: 'Метка времени', en: 'Time stamp' },
  'evidence.kind.record': { ru: 'Перечень для новой метки', en: 'Record for a newer stamp' },
  'evidence.kind.record-stamp': { ru: 'Новая метка времени', en: 'Newer time stamp' },
  'evidence.kind.crl': { ru: 'Список отозванных сертификатов', en: 'List of revoked certificates' },
  'evidence.kind.ocsp': { ru: 'Ответ о сертификате', en: 'Answer about a certificate' },
  'evidence.proves.stamp': {
    ru: 'Документ существовал не позже {time}',
    en: 'The document existed by {time}',
  },
  'evidence.proves.record': {
    ru: 'Контрольные суммы документа и прежних доказательств',
    en: 'Digests of the document and of earlier evidence',
  },
  'evidence.proves.record-stamp': {
    ru: 'Всё в перечне существовало не позже {time}',
    en: 'Everything in the record existed by {time}',
  },
  'evidence.proves.crl': {
    ru: 'Какие сертификаты были отозваны на {time}',
    en: 'Which certificates were revoked at {time}',
  },
  'evidence.proves.ocsp': {
    ru: 'Был ли сертификат отозван на {time}',
    en: 'Whether the certificate was revoked at {time}',
  },
  'evidence.by': { ru: '{who}, действует до {until}', en: '{who}, good until {until}' },
  'evidence.by-only': { ru: '{who}', en: '{who}' },
  'evidence.gone': { ru: 'Файла больше нет', en: 'The file is gone' },
  'evidence.download': { ru: 'Скачать', en: 'Download' },
  'evidence.whole': { ru: 'Документ с доказательствами', en: 'Document with evidence' },
  'evidence.download-all': { ru: 'Скачать все доказательства', en: 'Download all evidence' },
});
