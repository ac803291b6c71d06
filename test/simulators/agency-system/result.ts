import { createHash } from 'node:crypto';
import type { GatewayAck, GatewayRequest } from '../../../protocol/gateway.ts';
import { buildPackage } from '../../../protocol/package/asice.ts';
import { sourceOf } from '../../../protocol/package/byte-source.ts';
import { layout } from '../../../protocol/package/layout.ts';
import { writeManifest } from '../../../protocol/package/manifest.ts';
import { writeZip } from '../../../protocol/package/zip-writer.ts';
import { buildCades, signWithKey } from '../../../protocol/signature/cades.ts';
import type { Agency, AgencyService } from './catalogue.ts';
import type { Identity, Signatory } from './identity.ts';
import { writeLetter } from './letter.ts';
import type { Mode } from './mode.ts';

export interface Decision {
  agencyId: string;
  request: GatewayRequest;
  ack: GatewayAck;
  /** Documents in the package that the office has read. */
  documents: number;
  at: Date;
  kind: Mode['results'];
}

/** Makes the container that goes to the centre. */
export type MakeResult = (decision: Decision) => Promise<Uint8Array>;

const documentName = '01-result.pdf';
const algorithm = 'ecdsa-p256-sha256';

/**
 * The result: a letter with the officer's signature beside it, in a container signed by the agency's
 * system (LED-3.12). The bad kinds differ from the good one in exactly one thing each.
 */
export function resultMaker(
  identity: Identity,
  agencyOf: (agencyId: string) => Agency,
  serviceOf: (serviceId: string) => AgencyService,
): MakeResult {
  return async ({ agencyId, request, ack, documents, at, kind }) => {
    const agency = agencyOf(agencyId);
    const officer =
      kind === 'wrong-officer'
        ? await identity.impostor(agencyId, agency.title)
        : await identity.officer(agencyId, agency.title);
    const service = serviceOf(request.serviceId);
    const bytes = await writeLetter({ agency, service, request, ack, documents, at, officer });
    const system = await identity.system();
    const signManifest = (manifest: Uint8Array) => signatureOf(manifest, system, at);
    const metadata = {
      caseNumber: request.caseNumber,
      decidedAt: at.toISOString(),
      registrationNumber: ack.registrationNumber,
      requestId: request.requestId,
      serviceId: request.serviceId,
    };
    if (kind === 'unsigned') return await unsignedContainer(bytes, metadata, signManifest);
    const good = await signatureOf(bytes, officer, at);
    const signature = kind === 'broken-signature' ? withLastByteChanged(good) : good;
    const document = { name: documentName, mediaType: 'application/pdf', bytes, signature };
    return await buildPackage({ documents: [document], metadata, signManifest });
  };
}

async function signatureOf(content: Uint8Array, by: Signatory, signingTime: Date): Promise<Uint8Array> {
  const contentDigest = createHash('sha256').update(content).digest();
  const sign = signWithKey(by.key, algorithm);
  return await buildCades({ contentDigest, certificate: by.certificate, signingTime, algorithm, sign });
}

/** The last byte of the structure belongs to the signature's value: it still parses and no longer fits the key. */
function withLastByteChanged(signature: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(signature);
  const last = changed.length - 1;
  changed[last] = (changed[last] ?? 0) ^ 1;
  return changed;
}

/** A proper container whose document nobody signed: `buildPackage` would refuse to make it. */
async function unsignedContainer(
  pdf: Uint8Array,
  metadata: unknown,
  signManifest: (manifest: Uint8Array) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const files = [
    { name: layout.documents + documentName, mediaType: 'application/pdf', bytes: pdf },
    { name: layout.metadata, mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(metadata)) },
  ];
  const manifest = writeManifest(
    layout.containerSignature,
    files.map(file => ({ ...file, sha256: createHash('sha256').update(file.bytes).digest() })),
  );
  const entries = [
    { name: layout.mimetype, bytes: Buffer.from(layout.mimetypeContent) },
    ...files,
    { name: layout.manifest, bytes: manifest },
    { name: layout.containerSignature, bytes: await signManifest(manifest) },
  ];
  const pieces: Uint8Array[] = [];
  await writeZip(
    entries.map(({ name, bytes }) => ({ name, content: sourceOf(bytes) })),
    async piece => void pieces.push(piece),
  );
  return Buffer.concat(pieces);
}
