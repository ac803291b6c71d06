import { randomUUID } from 'node:crypto';
import type { BlobStore } from '../../platform/blob-store.ts';
import { businessDay, type Clock } from '../../platform/clock.ts';
import { createSharedWork } from '../../platform/shared-work.ts';
import type { Me } from '../../protocol/api/people.ts';
import type { SigningView } from '../../protocol/api/signing.ts';
import { AppError } from '../../protocol/app-error.ts';
import { isErrorCode } from '../../protocol/errors.ts';
import { type PackageReport, verifyPackage } from '../../protocol/package/asice.ts';
import { findAgreement, type Service } from '../../protocol/register.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { Trust } from '../config/identity-files.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import { pileKind } from '../core/arrangement.ts';
import { caseNumber, fitsPackage, missingKinds } from '../core/case-rules.ts';
import type { Journal } from '../journal/journal.ts';
import type { CaseRow } from '../journal/projections/cases.ts';
import type { DocumentRow } from '../journal/projections/documents.ts';
import { refusalOf } from '../signing/refusal.ts';
import { signDocuments } from '../signing/sign-documents.ts';
import type { TokenService } from '../signing/token-service.ts';
import type { CaseStore } from './case-store.ts';
import type { CompleteDocument, Packer } from './packer.ts';
import { damagedPages, type Recognitions } from './recognitions.ts';

/** A case from its opening to the sent package. */
export interface CaseDesk {
  /** KEM-7, LED-3.1. Asking again for the same ticket gives the same open case. */
  open(me: Me, wish: { ticketId: string; serviceId: string }): Promise<string>;
  /** Signs every document that is not signed yet, each separately (LED-3.6). Throws `token.*`, `case.*`. */
  sign(me: Me, caseId: string, pin: string | null): Promise<void>;
  /** How far the signing of this case is; null when none goes on. */
  signing(caseId: string): SigningView;
  /** Packs, seals, checks and hands over to the sync. Sending twice is one package. Throws `case.*`, `package.*`. */
  send(me: Me, caseId: string): Promise<void>;
}

export function createCaseDesk(parts: {
  journal: Journal;
  store: CaseStore;
  blobs: BlobStore;
  recognitions: Recognitions;
  register: RegisterHolder;
  token: TokenService;
  packer: Packer;
  trust: Trust;
  config: BoxConfig;
  clock: Clock;
  /** What the day goes by, when the wall clock may be wrong. */
  calendar?: Clock;
}): CaseDesk {
  const { journal, store, blobs, recognitions, register, token, packer, trust, config, clock } = parts;
  const { calendar = clock } = parts;

  const presses = createSharedWork();
  const signingNow = new Map<string, { done: number; total: number }>();
  const toSign = (id: string, sha256: string) => ({ id, sha256, content: () => blobs.read(sha256) });

  function openCase(caseId: string): CaseRow {
    const row = store.getCase(caseId);
    if (row.state !== 'open')
      throw new AppError('case.wrong-state', { number: row.number, state: row.state });
    return row;
  }

  /** Documents ready to be signed or sent. Throws `case.documents-missing`, `case.not-recognised`, why one was not recognised. */
  async function complete(row: CaseRow, service: Service): Promise<CompleteDocument[]> {
    const documents = store.documents(row.id);
    const missing = missingKinds(service.documents, documents);
    if (missing.length > 0)
      throw new AppError('case.documents-missing', { missing: missing.map(({ title }) => title) });
    if (documents.some(({ kind }) => kind === pileKind)) throw new AppError('case.pile-unsorted');
    for (const document of documents)
      if (document.state === 'failed' && isErrorCode(document.error_code))
        throw new AppError(document.error_code, {
          pages: damagedPages(await recognitions.troubles(document)),
        });
    return documents.map(document => {
      const { pdf_sha256: pdf } = document;
      if (pdf === null || document.state === 'recognising') throw new AppError('case.not-recognised');
      return { ...document, pdf_sha256: pdf };
    });
  }

  async function judged(sha256: string): Promise<PackageReport> {
    const source = await blobs.open(sha256);
    const options = {
      ...{ documentAnchors: trust.clerks, applicantAnchors: trust.applicants },
      ...{ containerAnchors: trust.boxes, at: clock.now() },
    };
    return await verifyPackage(source, options).finally(source.close);
  }

  async function sign(me: Me, caseId: string, pin: string | null): Promise<void> {
    const row = openCase(caseId);
    const documents = (await complete(row, register.getService(row.service_id))).filter(
      document => document.state !== 'signed',
    );
    if (documents.length === 0) throw new AppError('package.nothing-to-sign');
    if (!fitsPackage(store.documents(caseId))) throw new AppError('case.too-large');
    const outcome = await signDocuments({
      token,
      pin,
      holder: me.login,
      onProgress: (done, total) => void signingNow.set(caseId, { done, total }),
      documents: documents.flatMap(({ id, pdf_sha256: sha256, original_signature_sha256: companion }) => [
        toSign(id, sha256),
        // Everything in a package is signed by a person, also the signature that came with an original.
        ...(companion === null ? [] : [toSign(companionOf(id), companion)]),
      ]),
      now: clock.now,
    }).finally(() => signingNow.delete(caseId));
    switch (outcome.kind) {
      case 'signed':
        break;
      case 'pin-refused':
        await journal.commit([
          {
            type: 'token.pin-refused',
            subject: outcome.tokenSerial,
            body: { tokenSerial: outcome.tokenSerial, triesLeft: outcome.triesLeft, clerk: me.login },
          },
        ]);
        throw refusalOf(outcome);
      default:
        throw refusalOf(outcome);
    }
    const { signatures, certificateSerial, algorithm } = outcome;
    const kept = async (id: string) =>
      await blobs.put(signatures.get(id) as Uint8Array, 'application/pkcs7-signature');
    const signed = await Promise.all(
      documents.map(async document => ({
        document,
        signature: await kept(document.id),
        companion: document.original_signature_sha256 ? await kept(companionOf(document.id)) : undefined,
      })),
    );
    openCase(caseId);
    // What was discarded, signed or got another page while the token worked is not what was signed here.
    const now = new Map(store.documents(caseId).map(document => [document.id, document]));
    const unchanged = signed.filter(({ document }) => {
      const current = now.get(document.id);
      return current?.state !== 'signed' && current?.pdf_sha256 === document.pdf_sha256;
    });
    await journal.commit(
      unchanged.map(({ document, signature, companion }) => ({
        type: 'document.signed',
        subject: document.id,
        body: {
          caseId,
          pdf: document.pdf_sha256,
          signature,
          certificateSerial,
          algorithm,
          ...(companion && { companion }),
          clerk: me.login,
        },
      })),
    );
  }

  return {
    async open(me, { ticketId, serviceId }) {
      const ticket = store.getTicket(ticketId);
      const existing = store.findOpenCase(ticketId);
      if (existing) return existing.id;
      // A case is opened for the person at the window, nobody else.
      if (ticket.state !== 'serving' || me.window === null || ticket.window !== me.window)
        throw new AppError('queue.wrong-state', { number: ticket.number });
      const service = register.getService(serviceId);
      const day = businessDay(calendar.now(), config.branch.timeZone);
      if (!findAgreement(register.get(), serviceId, day)) throw new AppError('case.no-agreement');
      const year = Number(day.slice(0, 4));
      const prefix = caseNumber(config.branch.code, year, 0).slice(0, -6);
      const id = randomUUID();
      await journal.commit([
        {
          type: 'case.opened',
          subject: id,
          body: {
            number: caseNumber(config.branch.code, year, store.lastNumberOf(prefix) + 1),
            serviceId: service.id,
            ticketId,
            window: me.window,
            clerk: me.login,
            registerVersion: register.version(),
          },
        },
      ]);
      return id;
    },

    // A wrong PIN that is sent twice would cost two tries of the token.
    sign: (me, caseId, pin) => presses.do(`${caseId} ${me.login}`, () => sign(me, caseId, pin)),
    signing: caseId => signingNow.get(caseId) ?? null,

    async send(me, caseId) {
      const row = store.getCase(caseId);
      if (row.state !== 'open') {
        if (row.package_id) return;
        throw new AppError('case.wrong-state', { number: row.number, state: row.state });
      }
      const service = register.getService(row.service_id);
      const documents = await complete(row, service);
      if (documents.some(document => document.state !== 'signed')) throw new AppError('case.not-signed');
      const isPacked = (document: DocumentRow, index: number) =>
        document.state === 'signed' &&
        document.signature_sha256 === documents[index]?.signature_sha256 &&
        document.applicant_sha256 === documents[index]?.applicant_sha256;
      const { packageId, blob } = await packer.pack(me, row, service, documents);
      // A package that nobody sent must not be taken for one when records are lost.
      const drop = () => blobs.remove(blob.sha256);
      const report = await judged(blob.sha256).catch(async (error: unknown) => {
        await drop();
        throw error;
      });
      if (report.verdict !== 'passed') {
        await drop();
        throw new AppError(
          report.verdict === 'failed' ? 'package.verification-failed' : 'package.indeterminate',
          { reason: report.reasons.join(', ') },
        );
      }
      // Two presses of the button: the first one that gets here wins.
      const isOpen = store.getCase(caseId).state === 'open';
      // A page or a document that came meanwhile is not in this package.
      const now = store.documents(caseId);
      if (!isOpen || now.length !== documents.length || !now.every(isPacked)) {
        await drop();
        if (!isOpen) return;
        throw new AppError('case.not-signed');
      }
      await journal.commit([
        {
          type: 'case.sent',
          subject: caseId,
          body: {
            packageId,
            package: blob,
            documents: documents.flatMap(filesOf),
            clerk: me.login,
          },
        },
      ]);
    },
  };
}

/** What the token calls the signature file beside a digital original. */
const companionOf = (documentId: string) => `${documentId} signature`;

/** What of a document is in the package: its file, and the signature file that came with an original. */
function filesOf(document: CompleteDocument) {
  const { id: documentId, kind, original_signature_sha256: beside, companion_sha256: companion } = document;
  const file = { documentId, kind, pdf: document.pdf_sha256, signature: document.signature_sha256 as string };
  return beside === null ? [file] : [file, { documentId, kind, pdf: beside, signature: companion as string }];
}
