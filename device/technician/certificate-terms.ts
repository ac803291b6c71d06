import { X509Certificate } from 'node:crypto';
import { type CertificateTerm, whatEnds } from '../../protocol/certificate-term.ts';
import type { Text } from '../../protocol/values.ts';
import type { Condition } from '../peripherals/warnings.ts';
import type { TokenState } from '../signing/signature-token.ts';

/** The certificates that a box depends on, and what of them ends (F10). */
export interface CertificateTerms {
  /** Those of the box itself, for the operators: the token's owner is nobody's business there. */
  ofBox(): readonly CertificateTerm[];
  /** The token was looked at; the same state is given back. */
  sawToken(state: TokenState): TokenState;
  conditions(): Condition[];
}

export function watchTerms(parts: {
  /** Certificates of the connection: of the box, and of the authority that it believes; PEM. */
  tls: { ca: string; cert: string };
  /** DER. */
  seal: Uint8Array;
  /** The centre's certificate as it was last shown, DER. */
  centre: () => Uint8Array | undefined;
  nowMs: () => number;
}): CertificateTerms {
  const own = [
    termOf({ ru: 'связь с центром', en: 'connection to the centre' }, parts.tls.cert),
    termOf({ ru: 'печать устройства', en: 'seal of the box' }, parts.seal),
    termOf({ ru: 'кому верит устройство (центр)', en: 'whom the box believes (centre)' }, parts.tls.ca),
  ];
  let token: CertificateTerm | undefined;

  return {
    ofBox: () => own,
    sawToken(state) {
      const what = { ru: 'ключ подписи специалиста', en: 'signature token of the clerk' };
      token = state.certificate ? { what, until: state.certificate.notAfter } : undefined;
      return state;
    },
    conditions() {
      const shown = parts.centre();
      const centre = shown && termOf({ ru: 'центр', en: 'the centre' }, shown);
      return [...own, token, centre].flatMap((term): Condition[] => {
        const ends = term && whatEnds(term, parts.nowMs());
        return ends ? [{ code: ends.code, details: ends.details, device: null }] : [];
      });
    },
  };
}

function termOf(what: Text, certificate: string | Uint8Array): CertificateTerm {
  return { what, until: new X509Certificate(certificate).validToDate.toISOString() };
}
