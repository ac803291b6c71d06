import { createHash, randomUUID } from 'node:crypto';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Me } from '../../protocol/api.ts';
import { AppError } from '../../protocol/app-error.ts';
import { buildPackage } from '../../protocol/package/asice.ts';
import { type PackageMetadata, packageFormat } from '../../protocol/package/metadata.ts';
import type { Service } from '../../protocol/register.ts';
import { buildCades, signWithKey } from '../../protocol/signature/cades.ts';
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
  /** Each call makes another package, with an id of its own. Throws `case.not-signed`. */
  pack(
    me: Me,
    row: CaseRow,
    service: Service,
    documents: CompleteDocument[],
  ): Promise<{ packageId: string; bytes: Uint8Array }>;
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
  return {
    async pack(me, row, service, documents) {
      const packageId = randomUUID();
      const packedAt = clock.now();
      const entries = await Promise.all(
        documents.map(async (document, index) => {
          if (!document.signature_sha256) throw new AppError('case.not-signed');
          const fields = document.fields_sha256
            ? await recognitions.fields(document.fields_sha256)
            : document.recognition_sha256
              ? (await recognitions.get(document.recognition_sha256)).fields
              : [];
          return {
            name: `${String(index + 1).padStart(2, '0')}-${document.kind}.pdf`,
            mediaType: 'application/pdf',
            bytes: await blobs.get(document.pdf_sha256),
            signature: await blobs.get(document.signature_sha256),
            about: {
              documentId: document.id,
              kind: document.kind,
              pages: store.pages(document.id).length,
              fields: fields.map(({ name, value, check }) => ({ name, value, check })),
            },
          };
        }),
      );
      const bytes = await buildPackage({
        documents: entries.map(({ about: _, ...entry }) => entry),
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
          documents: entries.map(({ name, about }) => ({ name, ...about })),
        } satisfies PackageMetadata,
        signManifest: manifest =>
          buildCades({
            contentDigest: createHash('sha256').update(manifest).digest(),
            certificate: seal.certificate,
            signingTime: packedAt,
            algorithm: 'ecdsa-p256-sha256',
            sign: signWithKey(seal.key, 'ecdsa-p256-sha256'),
          }),
      });
      return { packageId, bytes };
    },
  };
}
