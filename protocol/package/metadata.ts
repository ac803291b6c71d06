import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { Id, Instant, Key } from '../values.ts';

export const packageMediaType = 'application/vnd.etsi.asic-e+zip';
export const packageFormat = 'okno-package-1';

/** `application.json` of our packages. All that is needed to know the case again when the box lost its records. */
const PackageMetadata = Type.Object({
  format: Type.Literal(packageFormat),
  packageId: Id,
  caseId: Id,
  caseNumber: Type.String(),
  branchId: Type.String(),
  serviceId: Key,
  agencyId: Key,
  ticketId: Id,
  registerVersion: Type.Integer({ minimum: 1 }),
  openedAt: Instant,
  /** Of two packages of one case the newer one was sent; packages from before it was written have none. */
  packedAt: Type.Optional(Instant),
  window: Type.String(),
  clerk: Type.Object({ login: Type.String(), name: Type.String(), post: Type.String() }),
  documents: Type.Array(
    Type.Object({
      /** Of the file in the container. */
      name: Type.String(),
      documentId: Id,
      kind: Key,
      pages: Type.Integer({ minimum: 0 }),
      fields: Type.Array(Type.Object({ name: Key, value: Type.String(), check: Type.String() })),
      /** The file is as the applicant brought it. */
      original: Type.Optional(Type.Literal(true)),
      /** Name of the signature that came with it. */
      signatureFile: Type.Optional(Type.String()),
      /** The applicant signed it too (KEM-19). */
      applicantSigned: Type.Optional(Type.Literal(true)),
    }),
  ),
});
export type PackageMetadata = Static<typeof PackageMetadata>;

const shape = Compile(PackageMetadata);

/** Undefined when a package is none of ours: agencies' results are packages too. */
export function readMetadata(metadata: unknown): PackageMetadata | undefined {
  return shape.Check(metadata) ? metadata : undefined;
}
