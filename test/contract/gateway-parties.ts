import { createHash, createPrivateKey, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { GatewayRequest } from '../../protocol/gateway.ts';
import { buildPackage } from '../../protocol/package/asice.ts';
import { buildCades, signWithKey } from '../../protocol/signature/cades.ts';
import type { Blob } from '../../protocol/values.ts';
import {
  type Authority,
  createAuthority,
  type IssuedCertificate,
} from '../../provisioning/certificates/authority.ts';

const algorithm = 'ecdsa-p256-sha256';

/** Everyone who takes part in an exchange with an agency, and what they send. */
export interface Parties {
  region: Authority;
  centre: { cert: string; key: string };
  clerks: Authority;
  boxes: Authority;
  /** A package as a box makes it: two documents, each signed by the clerk. */
  casePackage(): Promise<Uint8Array>;
}

async function gatherParties(): Promise<Parties> {
  const region = await createAuthority('Регион');
  const clerks = await createAuthority('Удостоверяющий центр сотрудников');
  const boxes = await createAuthority('Центр сертификации устройств');
  const clerk = await clerks.issue({
    commonName: 'Тестова Проба Примеровна',
    organisation: 'МФЦ',
    usage: 'signing',
    days: 30,
  });
  const box = await boxes.issue({ commonName: 'box-041', usage: 'signing', days: 30 });
  return {
    region,
    clerks,
    boxes,
    centre: await clientOf(region, 'okno-centre'),
    async casePackage() {
      const names = ['01-application.pdf', '02-passport.pdf'];
      const documents = names.map(async name => {
        const bytes = Buffer.from(`%PDF-1.7 ${name} ${randomUUID()}`);
        return { name, mediaType: 'application/pdf', bytes, signature: await signed(bytes, clerk) };
      });
      return await buildPackage({
        documents: await Promise.all(documents),
        metadata: { caseNumber: '041-000017' },
        signManifest: manifest => signed(manifest, box),
      });
    },
  };
}

export async function clientOf(
  authority: Authority,
  commonName: string,
): Promise<{ cert: string; key: string }> {
  const issued = await authority.issue({ commonName, usage: 'tls-client', days: 30 });
  return { cert: issued.certificate, key: issued.privateKey ?? '' };
}

async function signed(content: Uint8Array, by: IssuedCertificate): Promise<Uint8Array> {
  return await buildCades({
    contentDigest: createHash('sha256').update(content).digest(),
    certificate: by.certificateDer,
    signingTime: new Date(),
    algorithm,
    sign: signWithKey(createPrivateKey(by.privateKey ?? ''), algorithm),
  });
}

/** The same for every test of one file; making keys takes time. */
export const parties = await gatherParties();

export function requestFor(bytes: Uint8Array, serviceId = 'property-extract'): GatewayRequest {
  return {
    requestId: randomUUID(),
    caseNumber: '041-000017',
    serviceId,
    branchId: 'mfc-041',
    sentAt: new Date().toISOString(),
    package: blobOf(bytes),
  };
}

export function blobOf(bytes: Uint8Array): Blob {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { sha256, sizeBytes: bytes.length, mediaType: 'application/vnd.etsi.asic-e+zip' };
}

/** The package as a stream of small pieces, as from a disk. */
export function pieces(bytes: Uint8Array): () => Readable {
  return () => Readable.from(cut(bytes));
}

function* cut(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 1000) yield bytes.subarray(start, start + 1000);
}
