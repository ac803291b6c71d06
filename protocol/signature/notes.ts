/** What did not decide about a signature but should be known, in words for people. */
export const notes = {
  'revocation-not-checked': {
    ru: 'отзыв сертификата не проверен: нет списка отозванных',
    en: 'revocation was not checked: no list for this authority',
  },
  'no-signing-certificate': {
    ru: 'подпись не называет свой сертификат (атрибут signing-certificate), как требует CAdES',
    en: 'the signature does not name its certificate (signing-certificate), which CAdES asks for',
  },
  'no-signed-attributes': {
    ru: 'обычная подпись CMS без подписанных атрибутов',
    en: 'a plain CMS signature without signed attributes',
  },
  'no-signing-time': {
    ru: 'подпись не называет время подписания',
    en: 'the signature does not state its time',
  },
  'properties-not-signed': {
    ru: 'свойства подписи XAdES сами не подписаны',
    en: 'the properties of the XAdES signature are not signed themselves',
  },
  'signing-certificate-sha1': {
    ru: 'сертификат назван по SHA-1 (signing-certificate версии 1)',
    en: 'the certificate is named by SHA-1 (signing-certificate version 1)',
  },
  'weak-algorithm': {
    ru: 'алгоритм слишком слаб для сегодняшнего дня',
    en: 'the algorithm is too weak today',
  },
  'time-stamp-not-trusted': {
    ru: 'штампу времени здесь не доверяют, и он ничего не доказывает',
    en: 'the time stamp is not trusted here and proves nothing',
  },
  'time-stamp-damaged': {
    ru: 'штамп времени не подходит к этой подписи или повреждён',
    en: 'the time stamp does not belong to this signature or is damaged',
  },
  'archive-time-stamp-not-trusted': {
    ru: 'архивный штамп времени не подходит к этой подписи или ему здесь не доверяют: он ничего не доказывает',
    en: 'the archive time stamp does not fit this signature or is not trusted here: it proves nothing',
  },
  'archive-time-stamp-not-checked': {
    ru: 'архивный штамп времени устаревшего вида здесь не проверяется и ничего не доказывает',
    en: 'the archive time stamp is of an outdated kind that is not checked here and proves nothing',
  },
  'evidence-record-not-checked': {
    ru: 'запись о сохранности (evidence record, RFC 4998) здесь не проверяется и ничего не доказывает',
    en: 'the evidence record (RFC 4998) is not checked here and proves nothing',
  },
  'changed-after-signing': {
    ru: 'после этой подписи файл дополнялся, и дополнения подписаны позже: сравните с тем, что было подписано',
    en: 'the file was added to after this signature, and signed again later: compare with what was signed',
  },
  'signed-after-time-stamp': {
    ru: 'названное время подписания позже штампа времени',
    en: 'the claimed time of signing is later than the time stamp',
  },
} as const satisfies Record<string, { ru: string; en: string }>;

export type Note = keyof typeof notes;
