import type { Verdict } from './verdict.ts';

interface ReasonRow {
  verdict: Exclude<Verdict, 'passed'>;
  ru: string;
  en: string;
}

/**
 * Why a signature did not pass. Names and verdicts as in ETSI EN 319 102-1 tables 5 and 6; the last four
 * are ours and about files, not signatures.
 */
export const reasons = {
  FORMAT_FAILURE: {
    verdict: 'failed',
    ru: 'файл подписи или контейнер повреждён или собран не по правилам',
    en: 'the signature or the container is damaged or breaks the format',
  },
  HASH_FAILURE: {
    verdict: 'failed',
    ru: 'содержимое изменено после подписания',
    en: 'the content was changed after signing',
  },
  SIG_CRYPTO_FAILURE: {
    verdict: 'failed',
    ru: 'значение подписи не подходит к ключу подписавшего',
    en: "the signature value does not fit the signer's key",
  },
  REVOKED: {
    verdict: 'failed',
    ru: 'сертификат был отозван раньше, чем создана подпись',
    en: 'the certificate had been revoked before the signature was made',
  },
  EXPIRED: {
    verdict: 'failed',
    ru: 'подпись создана, когда срок сертификата уже истёк',
    en: 'the signature was made after the certificate had expired',
  },
  NOT_YET_VALID: {
    verdict: 'failed',
    ru: 'подпись создана раньше, чем начал действовать сертификат',
    en: 'the signature was made before the certificate became valid',
  },
  SIG_CONSTRAINTS_FAILURE: {
    verdict: 'indeterminate',
    ru: 'в подписи нет обязательных сведений, или они не подходят к ней',
    en: 'the signature lacks facts that it must state, or they do not fit it',
  },
  CHAIN_CONSTRAINTS_FAILURE: {
    verdict: 'indeterminate',
    ru: 'сертификат не предназначен для такой подписи',
    en: 'the certificate is not meant for such a signature',
  },
  CERTIFICATE_CHAIN_GENERAL_FAILURE: {
    verdict: 'indeterminate',
    ru: 'цепочку сертификатов не удалось проверить',
    en: 'the chain of certificates could not be checked',
  },
  CRYPTO_CONSTRAINTS_FAILURE: {
    verdict: 'indeterminate',
    ru: 'алгоритм подписи слишком слаб или здесь не поддерживается',
    en: 'the algorithm is too weak or not supported here',
  },
  CRYPTO_CONSTRAINTS_FAILURE_NO_POE: {
    verdict: 'indeterminate',
    ru: 'алгоритм подписи уже считается слишком слабым, и нет доказательства, что подпись создана, пока он годился',
    en: 'the algorithm is held too weak by now and nothing proves that the signature was made while it was good',
  },
  TIMESTAMP_ORDER_FAILURE: {
    verdict: 'indeterminate',
    ru: 'штампы времени противоречат друг другу',
    en: 'the time stamps contradict each other',
  },
  NO_SIGNING_CERTIFICATE_FOUND: {
    verdict: 'indeterminate',
    ru: 'не найден сертификат подписавшего, на который указывает подпись',
    en: "the signer's certificate that the signature names was not found",
  },
  NO_CERTIFICATE_CHAIN_FOUND: {
    verdict: 'indeterminate',
    ru: 'сертификат выдан центром, которому здесь не доверяют',
    en: 'the certificate was issued by an authority that is not trusted here',
  },
  REVOKED_NO_POE: {
    verdict: 'indeterminate',
    ru: 'сертификат отозван, и нет доказательства, что подпись создана раньше',
    en: 'the certificate is revoked and nothing proves that the signature was made before',
  },
  REVOKED_CA_NO_POE: {
    verdict: 'indeterminate',
    ru: 'отозван сертификат удостоверяющего центра, и нет доказательства, что подпись создана раньше',
    en: "the authority's certificate is revoked and nothing proves that the signature was made before",
  },
  REVOCATION_OUT_OF_BOUNDS_NO_POE: {
    verdict: 'indeterminate',
    ru: 'сертификат службы, подтвердившей действие сертификата, истёк, и нет доказательства, что ответ дан раньше',
    en: 'the certificate of the responder that vouched for the signer has expired and nothing proves that its answer is older',
  },
  OUT_OF_BOUNDS_NO_POE: {
    verdict: 'indeterminate',
    ru: 'на время проверки сертификат не действует, и нет доказательства, что подпись создана в его срок',
    en: 'the certificate is not valid at that time and nothing proves that the signature was made when it was',
  },
  TRY_LATER: {
    verdict: 'indeterminate',
    ru: 'список отозванных сертификатов устарел или действие сертификата приостановлено: повторите позже',
    en: 'the revocation list is too old or the certificate is suspended: try later',
  },
  SIGNED_DATA_NOT_FOUND: {
    verdict: 'indeterminate',
    ru: 'не найден файл, который подписан',
    en: 'the signed file was not found',
  },
  NO_SIGNATURE: {
    verdict: 'failed',
    ru: 'документ не подписан',
    en: 'a document has no signature',
  },
  UNCOVERED_ENTRY: {
    verdict: 'failed',
    ru: 'в контейнере лежит файл, который никто не подписал',
    en: 'the container holds a file that nobody signed',
  },
  UNSIGNED_UPDATE: {
    verdict: 'indeterminate',
    ru: 'после подписания файл PDF дополнен, и дополнение никто не подписал: на экране может быть не то, что подписано',
    en: 'the PDF file was added to after signing and nobody signed that: what is shown may not be what was signed',
  },
  FORMAT_NOT_SUPPORTED: {
    verdict: 'indeterminate',
    ru: 'подпись такого вида здесь не проверяется',
    en: 'signatures of this kind are not checked here',
  },
} as const satisfies Record<string, ReasonRow>;

export type Reason = keyof typeof reasons;
