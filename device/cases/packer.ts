import { createHash, randomUUID } from 'node:crypto';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { OpenSource } from '../../platform/file-source.ts';
import type { Me } from '../../protocol/api/people.ts';
import { AppError } from '../../protocol/app-error.ts';
import { writePackage } from '../../protocol/package/asice.ts';
import type { ByteSource } from '../../protocol/package/byte-source.ts';
import { layout } from '../../protocol/package/layout.ts';
import { type PackageMetadata, packageFormat, packageMediaType } from '../../protocol/package/metadata.ts';
import type { Service } from '../../protocol/register.ts';
import { buildCades, signWithKey } from '../../protocol/signature/cades.ts';
import type { Blob } from '../../protocol/values.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { Seal } from '../config/identity-files.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import type { CaseRow } from '../journal/projections/cases.ts';
import type { DocumentRow } from '../journal/projections/documents.ts';
import type { CaseStore } from './case-store.ts';
import type { Recognitions } from './recognitions.ts';

export type CompleteDocument = DocumentRow & { pdf_sha256: string };

/** Puts the signed documents of a case into one container under the box's seal. */
export interface Packer {
  /** Each call writes another package, with an id of its own, among the blobs. Throws `case.not-signed`, `journal.*`. */
  pack(
    me: Me,
    row: CaseRow,
    service: Service,
    documents: CompleteDocument[],
  ): Promise<{ packageId: string; blob: Blob }>;
}

export function createPacker(parts: {
  store: CaseStore;
  blobs: BlobStore;
  recognitions: Recognitions;
  register: RegisterHolder;
  seal: Seal;
  config: BoxConfig;
  clock: Clock;
}): Packer {
  const { store, blobs, recognitions, register, seal, config, clock } = parts;

  /** The signature file that came with a digital original: a file of its own, signed by the clerk like all others. */
  async function companionOf(document: DocumentRow, name: string) {
    const { original_signature_sha256: file, companion_sha256: signature } = document;
    if (file === null) return undefined;
    if (signature === null) throw new AppError('case.not-signed');
    return {
      name: `${name}${layout.foreignSignatureSuffix}`,
      mediaType: 'application/pkcs7-signature',
      bytes: await blobs.get(file),
      signature: await blobs.get(signature),
    };
  }

  /** One document as it goes into the package, and what `application.json` says about it. */
  async function partOf(
    document: CompleteDocument,
    index: number,
    open: (sha256: string) => Promise<ByteSource>,
  ) {
    if (!document.signature_sha256) throw new AppError('case.not-signed');
    const fields = document.fields_sha256
      ? await recognitions.fields(document.fields_sha256)
      : document.recognition_sha256
        ? (await recognitions.get(document.recognition_sha256)).fields
        : [];
    const ending = document.original_media_type === 'application/xml' ? 'xml' : 'pdf';
    const name = `${String(index + 1).padStart(2, '0')}-${document.kind}.${ending}`;
    const companion = await companionOf(document, name);
    const file = {
      ...{ name, mediaType: document.original_media_type ?? 'application/pdf' },
      bytes: await open(document.pdf_sha256),
      signature: await blobs.get(document.signature_sha256),
      applicantSignature: document.applicant_sha256 ? await blobs.get(document.applicant_sha256) : undefined,
    };
    return {
      files: companion ? [file, companion] : [file],
      about: {
        name,
        documentId: document.id,
        kind: document.kind,
        pages: store.pages(document.id).length,
        fields: fields.map(({ name: field, value, check }) => ({ name: field, value, check })),
        ...(document.original_sha256 !== null && { original: true as const }),
        ...(companion && { signatureFile: companion.name }),
        ...(document.applicant_sha256 !== null && { applicantSigned: true as const }),
      },
    };
  }

  return {
    async pack(me, row, service, documents) {
      const packageId = randomUUID();
      const packedAt = clock.now();
      const opened: OpenSource[] = [];
      const open = async (sha256: string) => {
        const source = await blobs.open(sha256);
        opened.push(source);
        return source;
      };
      try {
        const parts = [];
        for (const [index, document] of documents.entries()) parts.push(await partOf(document, index, open));
        const input = {
          documents: parts.flatMap(({ files }) => files),
          metadata: {
            format: packageFormat,
            packageId,
            caseId: row.id,
            caseNumber: row.number,
            branchId: config.box,
            serviceId: service.id,
            agencyId: service.agencyId,
            ticketId: row.ticket_id,
            registerVersion: register.version(),
            openedAt: row.opened_at,
            packedAt: packedAt.toISOString(),
            window: row.window,
            clerk: { login: me.login, name: me.name, post: me.post },
            documents: parts.map(({ about }) => about),
          } satisfies PackageMetadata,
          signManifest: (manifest: Uint8Array) =>
            buildCades({
              contentDigest: createHash('sha256').update(manifest).digest(),
              certificate: seal.certificate,
              signingTime: packedAt,
              algorithm: 'ecdsa-p256-sha256',
              sign: signWithKey(seal.key, 'ecdsa-p256-sha256'),
            }),
        };
        await blobs.assertRoom(opened.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
        const blob = await blobs.write(packageMediaType, write => writePackage(input, write));
        return { packageId, blob };
      } finally {
        for (const source of opened) source.close();
      }
    },
  };
}
