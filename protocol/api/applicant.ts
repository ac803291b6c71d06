import Type, { type Static } from 'typebox';

/** `GET /api/applicant-token`: whether the applicant may sign with an own card at this branch. */
export interface ApplicantTokenView {
  isSetUp: boolean;
}

/**
 * `POST /api/cases/{id}/applicant-sign` → `CaseView`: every document that the applicant has not signed yet
 * (KEM-19). The PIN is the applicant's; it is used once and kept nowhere. `POST
 * /api/documents/{id}/applicant-signature` takes the bytes of a detached signature file in its place.
 */
export const ApplicantSignWish = Type.Object({ pin: Type.String({ minLength: 1, maxLength: 64 }) });
export type ApplicantSignWish = Static<typeof ApplicantSignWish>;
