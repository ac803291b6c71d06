import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import { createSharedWork } from '../../platform/shared-work.ts';
import type { Me } from '../../protocol/api/people.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { NewFact } from '../../protocol/facts.ts';
import { sourceContent } from '../../protocol/package/entry.ts';
import { verifyCades } from '../../protocol/signature/cades.ts';
import { readCertificate } from '../../protocol/signature/certificate.ts';
import { readCms } from '../../protocol/signature/cms.ts';
import { readDetachedSignature } from '../capture/originals/detached-signature.ts';
import type { Trust } from '../config/identity-files.ts';
import type { Journal } from '../journal/journal.ts';
import type { DocumentRow } from '../journal/projections/documents.ts';
import { refusalOf } from '../signing/refusal.ts';
import { signDocuments } from '../signing/sign-documents.ts';
import type { TokenService } from '../signing/token-service.ts';
import type { CaseStore } from './case-store.ts';

/** The applicant's own signature beside the clerk's (KEM-19), by a card at the window or from a file. */
export interface ApplicantDesk {
  /** Whether a reader for the applicant's card is set up here. */
  hasToken: boolean;
  /** Signs every document of the case that the applicant has not signed yet. Throws `token.*`, `case.*`. */
  sign(me: Me, caseId: string, pin: string): Promise<void>;
  /** Takes a detached signature of one document. Throws `capture.signature-*`, `case.*`. */
  take(me: Me, documentId: string, signature: Uint8Array): Promise<void>;
}

type Signable = DocumentRow & { pdf_sha256: string };
const signable: ReadonlySet<DocumentRow['state']> = new Set(['ready', 'confirmed', 'signed']);

export function createApplicantDesk(parts: {
  journal: Journal;
  store: CaseStore;
  blobs: BlobStore;
  token: TokenService | undefined;
  trust: Trust;
  clock: Clock;
}): ApplicantDesk {
  const { journal, store, blobs, token, trust, clock } = parts;
  const presses = createSharedWork();

  function assertOpen(caseId: string): void {
    const { state, number } = store.getCase(caseId);
    if (state !== 'open') throw new AppError('case.wrong-state', { number, state });
  }

  const isSignable = (document: DocumentRow): document is Signable =>
    signable.has(document.state) && document.pdf_sha256 !== null;

  /** Only what passes here goes into a package: the agency would send all of it back otherwise. */
  async function assertGood(document: Signable, signature: Uint8Array): Promise<void> {
    const source = await blobs.open(document.pdf_sha256);
    const content = sourceContent(source);
    const wish = { signature, content, anchors: trust.applicants, at: clock.now() };
    const { verdict, reason } = await verifyCades(wish).finally(source.close);
    if (reason === 'HASH_FAILURE') throw new AppError('capture.signature-of-another');
    if (verdict !== 'passed') throw new AppError('case.applicant-signature-refused', { reason });
  }

  async function signedFact(
    me: Me,
    { id, case_id: caseId, pdf_sha256: pdf }: Signable,
    signature: Uint8Array,
    by: 'token' | 'file',
  ): Promise<NewFact> {
    const blob = await blobs.put(signature, 'application/pkcs7-signature');
    const body = {
      caseId,
      pdf,
      signature: blob,
      certificateSerial: serialIn(signature),
      by,
      clerk: me.login,
    };
    return { type: 'document.applicant-signed', subject: id, body };
  }

  /** What got another page or was sent meanwhile is not what was signed. */
  async function commit(caseId: string, facts: [Signable, NewFact][]): Promise<void> {
    assertOpen(caseId);
    const unchanged = facts.filter(([{ id, pdf_sha256: pdf }]) => store.getDocument(id).pdf_sha256 === pdf);
    await journal.commit(unchanged.map(([, fact]) => fact));
  }

  async function sign(me: Me, caseId: string, pin: string): Promise<void> {
    if (!token) throw new AppError('token.absent');
    assertOpen(caseId);
    const documents = store.documents(caseId).filter(isSignable);
    const waiting = documents.filter(document => document.applicant_sha256 === null);
    if (waiting.length === 0) throw new AppError('package.nothing-to-sign');
    const outcome = await signDocuments({
      ...{ token, pin, now: clock.now },
      documents: waiting.map(({ id, pdf_sha256: sha256 }) => ({
        ...{ id, sha256, content: () => blobs.read(sha256) },
      })),
    });
    if (outcome.kind !== 'signed') throw refusalOf(outcome);
    const facts: [Signable, NewFact][] = [];
    for (const document of waiting) {
      const signature = outcome.signatures.get(document.id) as Uint8Array;
      await assertGood(document, signature);
      facts.push([document, await signedFact(me, document, signature, 'token')]);
    }
    await commit(caseId, facts);
  }

  return {
    hasToken: token !== undefined,
    // A wrong PIN that is sent twice would cost two tries of the card.
    sign: (me, caseId, pin) => presses.do(`${caseId} ${me.login}`, () => sign(me, caseId, pin)),
    async take(me, documentId, brought) {
      const document = store.getDocument(documentId);
      assertOpen(document.case_id);
      if (!isSignable(document)) throw new AppError('case.not-recognised');
      const signature = readDetachedSignature(brought);
      if (!signature) throw new AppError('capture.signature-unreadable');
      await assertGood(document, signature);
      await commit(document.case_id, [[document, await signedFact(me, document, signature, 'file')]]);
    },
  };
}

/** Number of the certificate that signed; the signature passed before. */
function serialIn(signature: Uint8Array): string {
  const { signers, certificates } = readCms(signature);
  const id = signers[0]?.id;
  const own = certificates
    .map(readCertificate)
    .find(
      each => id !== undefined && 'serialDer' in id && Buffer.compare(each.serialDer, id.serialDer) === 0,
    );
  return own?.serial ?? '';
}
