import type { Verdict } from './verdict.ts';

interface ReasonRow {
  verdict: Exclude<Verdict, 'passed'>;
  ru: string;
  en: string;
}

/**
 * Why a signature did not pass. Names and verdicts as in ETSI EN 319 102-1 tables 5 and 6, with two
 * differences: a document without signature is refused (LED-3.6), not doubtful; `UNCOVERED_ENTRY` is ours.
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
  SIGNED_DATA_NOT_FOUND: {
    verdict: 'failed',
    ru: 'нет подписи у документа или нет подписанного файла',
    en: 'a document has no signature or a signed file is missing',
  },
  UNCOVERED_ENTRY: {
    verdict: 'failed',
    ru: 'в контейнере лежит файл, который никто не подписал',
    en: 'the container holds a file that nobody signed',
  },
  NO_SIGNING_CERTIFICATE_FOUND: {
    verdict: 'indeterminate',
    ru: 'в подписи нет сертификата подписавшего',
    en: "the signature does not hold its signer's certificate",
  },
  NO_CERTIFICATE_CHAIN_FOUND: {
    verdict: 'indeterminate',
    ru: 'сертификат выдан центром, которому здесь не доверяют',
    en: 'the certificate was issued by an authority that is not trusted here',
  },
  OUT_OF_BOUNDS_NO_POE: {
    verdict: 'indeterminate',
    ru: 'на время проверки сертификат не действует, и нет доказательства, что подпись создана в его срок',
    en: 'the certificate is not valid at that time and nothing proves that the signature was made when it was',
  },
  CHAIN_CONSTRAINTS_FAILURE: {
    verdict: 'indeterminate',
    ru: 'сертификат не предназначен для такой подписи',
    en: 'the certificate is not meant for such a signature',
  },
  CRYPTO_CONSTRAINTS_FAILURE: {
    verdict: 'indeterminate',
    ru: 'алгоритм подписи слишком слаб или здесь не поддерживается',
    en: 'the algorithm is too weak or not supported here',
  },
} as const satisfies Record<string, ReasonRow>;

export type Reason = keyof typeof reasons;
