import { createPrivateKey, X509Certificate } from 'node:crypto';
import { Constructed, Enumerated, GeneralizedTime, Integer, OctetString, Primitive } from 'asn1js';
import {
  BasicOCSPResponse,
  Certificate,
  CertificateRevocationList,
  OCSPRequest,
  OCSPResponse,
  ResponseBytes,
  RevokedCertificate,
  SingleResponse,
  Time,
} from 'pkijs';
import type { AuthorityKeys } from '../../../provisioning/certificates/authority.ts';

/** Number of a certificate, lower-case hexadecimal, and when it was revoked, ISO 8601. */
export type Revoked = Readonly<Record<string, string>>;

export interface RevocationSigner {
  /** CertificateList (RFC 5280 section 5), DER. */
  list(revoked: Revoked): Promise<Uint8Array>;
  /** OCSPResponse (RFC 6960), DER, to an OCSPRequest about one certificate. */
  answer(request: Uint8Array, revoked: Revoked): Promise<Uint8Array>;
}

const termMs = 3_600_000;
const basicAnswer = '1.3.6.1.5.5.7.48.1.1';
const contextClass = 3;

/** Lists and answers of an authority with an EC P-256 key, signed by itself. */
export async function openRevocationSigner(keys: AuthorityKeys): Promise<RevocationSigner> {
  const certificate = Certificate.fromBER(new Uint8Array(new X509Certificate(keys.certificate).raw));
  const pkcs8 = createPrivateKey(keys.privateKey).export({ type: 'pkcs8', format: 'der' });
  const p256 = { name: 'ECDSA', namedCurve: 'P-256' };
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, p256, false, ['sign']);

  return {
    async list(revoked) {
      const at = wholeSecond();
      const list = new CertificateRevocationList();
      list.version = 1;
      list.issuer = certificate.subject;
      list.thisUpdate = new Time({ type: 0, value: at });
      list.nextUpdate = new Time({ type: 0, value: new Date(at.getTime() + termMs) });
      const rows = Object.entries(revoked).map(
        ([serial, since]) =>
          new RevokedCertificate({
            userCertificate: serialOf(serial),
            revocationDate: new Time({ type: 0, value: new Date(since) }),
          }),
      );
      // An empty sequence would not be DER: RFC 5280 section 5.1.2.6.
      if (rows.length > 0) list.revokedCertificates = rows;
      await list.sign(key, 'SHA-256');
      return new Uint8Array(list.toSchema(true).toBER());
    },
    async answer(request, revoked) {
      const asked = OCSPRequest.fromBER(new Uint8Array(request)).tbsRequest.requestList[0];
      if (!asked) throw new TypeError('a request about nothing');
      const at = wholeSecond();
      const certID = asked.reqCert;
      const serial = Buffer.from(certID.serialNumber.valueBlock.valueHexView).toString('hex');
      const single = new SingleResponse({
        ...{ certID, thisUpdate: at, nextUpdate: new Date(at.getTime() + termMs) },
        certStatus: statusOf(revoked[serial]),
      });
      const basic = new BasicOCSPResponse();
      basic.tbsResponseData.responderID = certificate.subject;
      basic.tbsResponseData.producedAt = at;
      basic.tbsResponseData.responses = [single];
      await basic.sign(key, 'SHA-256');
      const response = new OctetString({ valueHex: basic.toSchema().toBER() });
      const whole = new OCSPResponse({
        responseStatus: new Enumerated({ value: 0 }),
        responseBytes: new ResponseBytes({ responseType: basicAnswer, response }),
      });
      return new Uint8Array(whole.toSchema().toBER());
    },
  };
}

/** CertStatus of RFC 6960 section 4.2.1: good, or revoked at a time. */
function statusOf(since: string | undefined): Primitive | Constructed {
  if (since === undefined) return new Primitive({ idBlock: { tagClass: contextClass, tagNumber: 0 } });
  return new Constructed({
    idBlock: { tagClass: contextClass, tagNumber: 1 },
    value: [new GeneralizedTime({ valueDate: new Date(since) })],
  });
}

function serialOf(hex: string): Integer {
  return new Integer({ valueHex: new Uint8Array(Buffer.from(hex, 'hex')) });
}

/** Times of lists have no parts of a second. */
export function wholeSecond(): Date {
  return new Date(Math.floor(Date.now() / 1000) * 1000);
}
