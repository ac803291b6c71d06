import { randomUUID } from 'node:crypto';
import type { JournalView } from '../../protocol/api/box.ts';
import type { CaseView } from '../../protocol/api/cases.ts';
import type { CentreCaseView, LedgerView } from '../../protocol/api/centre.ts';
import type { EvidenceView } from '../../protocol/api/evidence.ts';
import type { QueueView } from '../../protocol/api/queue.ts';
import type { IncomingView, ScanView } from '../../protocol/api/scanning.ts';
import type { TokenView } from '../../protocol/api/signing.ts';
import type { TicketView } from '../../protocol/api/tickets.ts';
import type { AuditProof } from '../../protocol/audit/proof.ts';
import type { Register } from '../../protocol/register.ts';
import { type HttpClient, httpClient, Refused, waitFor } from './box-client.ts';
import type { Region, RegionBranch } from './region.ts';

/** What a step of the visit found out; goes to people and machines alike. */
export type Found = Record<string, string | number | boolean | null | string[]>;

/** The service that the demonstration's citizen asks for, and the paper in the citizen's hands. */
export const visitService = 'housing-subsidy';
export const visitPaper = [
  { kind: 'application', page: 'application-1', by: 'folder' },
  { kind: 'snils', page: 'snils-card-1', by: 'sane' },
  { kind: 'certificate', page: 'certificate-1', by: 'folder' },
  { kind: 'contract', page: 'contract-1', by: 'folder' },
] as const;

/** One citizen's visit through the same interfaces that pages and devices use. Steps are called in order. */
export interface Visit {
  ticket(): Promise<Found>;
  call(): Promise<Found>;
  scan(): Promise<Found>;
  recognise(): Promise<Found>;
  sign(): Promise<Found>;
  send(): Promise<Found>;
  sync(): Promise<Found>;
  agency(): Promise<Found>;
  result(): Promise<Found>;
  handOut(): Promise<Found>;
  /** After a restart of the box, which keeps logins in memory only. */
  clerkLogin(): Promise<void>;
  /** What the checks and the kept files need. */
  evidence(): Promise<VisitEvidence>;
}

export interface VisitEvidence {
  ticket: TicketView;
  case: CaseView;
  centreCase: CentreCaseView;
  package: Buffer;
  result: Buffer;
  paperCopy: Buffer;
  ticketBytes: Buffer;
  ticketPicture: Buffer;
  ticketPrint: { lines: string[]; qr: string[]; cut: boolean; violations: string[] };
  journal: JournalView;
  ledger: LedgerView;
  /** What the centre's audit log says of the case. */
  proof: AuditProof;
  /** What proves the package, a ZIP archive of the centre. */
  packageProofs: Buffer;
}

export function createVisit(region: Region, branch: RegionBranch): Visit {
  const kiosk = httpClient(branch.url);
  const clerk = httpClient(branch.url);
  const technician = httpClient(branch.url);
  const devices = httpClient(branch.panelUrl);
  const operator = httpClient(region.operatorUrl);
  const { password, pin } = region.secrets;
  let ticketId = '';
  let caseId = '';

  const view = () => clerk.get<CaseView>(`/api/cases/${caseId}`);
  const login = (who: HttpClient, name: string) => who.post('/api/login', { login: name, password });
  const ticketNow = () => kiosk.get<TicketView>(`/api/tickets/${ticketId}`);

  return {
    async ticket() {
      const register = await kiosk.get<Register>('/api/register');
      const service = register.services.find(({ id }) => id === visitService);
      if (!service) throw new Error(`${visitService} is not in the register`);
      const ticket = await kiosk.post<TicketView>('/api/tickets', {
        requestId: randomUUID(),
        serviceId: service.id,
      });
      ticketId = ticket.id;
      const printed = await devices.get<{ sizeBytes: number; qr: string[] }[]>('/tickets');
      const last = printed.at(-1);
      return {
        number: ticket.number,
        state: ticket.state,
        service: ticket.serviceTitle.ru,
        services: register.services.length,
        categories: register.categories.length,
        printedBytes: last?.sizeBytes ?? 0,
        qr: last?.qr[0] ?? '',
        waitMinutes: `${ticket.wait?.fromMinutes}–${ticket.wait?.toMinutes}`,
        ok: ticket.state === 'waiting' && ticket.print.state === 'printed' && last !== undefined,
      };
    },

    async clerkLogin() {
      await login(clerk, 'clerk');
    },

    async call() {
      await login(clerk, 'clerk');
      const called = await clerk.post<QueueView>('/api/queue/next');
      const board = await kiosk.get<{ called: { number: string; window: string }[] }>('/api/board');
      if (called.mine?.ticketId !== ticketId) throw new Error('another ticket was called');
      await clerk.post(`/api/tickets/${ticketId}/came`);
      const opened = await clerk.post<CaseView>('/api/cases', { ticketId, serviceId: visitService });
      caseId = opened.caseId;
      const [shown] = board.called;
      return {
        number: called.mine.number,
        window: shown?.window ?? '',
        onBoard: shown?.number === called.mine.number,
        case: opened.number,
        agency: opened.agency.ru,
        checklist: opened.checklist.map(({ kind, required }) => (required ? `${kind}*` : kind)),
        ok: shown?.number === called.mine.number && (await ticketNow()).state === 'serving',
      };
    },

    async scan() {
      let sane = 0;
      for (const { kind, page, by } of visitPaper) {
        if (by === 'sane') {
          await devices.post('/glass', { page });
          const scanned = await clerk.post<ScanView>(`/api/cases/${caseId}/scan`, {
            kind,
            scannerId: 'flatbed',
          });
          sane += scanned.pages;
        } else {
          const { name } = await devices.post<{ name: string }>('/mfp', { page });
          const file = await waitFor(`incoming ${name}`, async () =>
            (await clerk.get<IncomingView>('/api/incoming')).files.find(entry => entry.name === name),
          );
          await clerk.post(`/api/cases/${caseId}/documents`, { kind, files: [file.id] });
        }
      }
      const { documents } = await view();
      const pages = documents.flatMap(document => document.pages);
      return {
        documents: documents.length,
        pages: pages.length,
        bySane: sane,
        byFolder: pages.length - sane,
        sha256: pages.map(page => page.sha256.slice(0, 12)),
        ok: documents.length === visitPaper.length && sane === 1,
      };
    },

    async recognise() {
      const { documents } = await waitFor('recognition', async () => {
        const now = await view();
        return now.documents.every(({ state }) => state !== 'recognising') && now;
      });
      for (const document of documents)
        await clerk.put(`/api/documents/${document.documentId}/fields`, {
          fields: document.fields.map(({ name, value }) => ({ name, value })),
        });
      const fields = documents.flatMap(document => document.fields);
      const search = await clerk.get<{ hits: unknown[] }>('/api/search?q=субсидии');
      return {
        characters: documents.reduce((sum, document) => sum + document.characters, 0),
        confidence: Math.round(
          documents.reduce((sum, document) => sum + document.confidence, 0) / documents.length,
        ),
        fields: fields.length,
        checked: fields.filter(({ check }) => check === 'passed').map(({ name }) => name),
        foundBySearch: search.hits.length,
        ok:
          documents.every(({ state }) => state === 'ready') &&
          fields.some(({ name, check }) => name === 'snils' && check === 'passed') &&
          search.hits.length > 0,
      };
    },

    async sign() {
      const wrong = await clerk.post(`/api/cases/${caseId}/sign`, { pin: `${pin}0` }).then(
        () => undefined,
        (error: unknown) => (error instanceof Refused ? error.error : undefined),
      );
      const signed = await clerk.post<CaseView>(`/api/cases/${caseId}/sign`, { pin });
      const token = await clerk.get<TokenView>('/api/token');
      const signatures = signed.documents.flatMap(({ signature }) => signature ?? []);
      return {
        signatures: signatures.length,
        certificate: token.certificate?.serial ?? '',
        owner: token.certificate?.owner ?? '',
        algorithm: signatures[0]?.algorithm ?? '',
        wrongPinCode: wrong?.code ?? '',
        wrongPinTriesLeft: Number(wrong?.details.triesLeft ?? -1),
        ok: signatures.length === visitPaper.length && wrong?.code === 'token.pin-refused',
      };
    },

    async send() {
      const sent = await clerk.post<CaseView>(`/api/cases/${caseId}/send`);
      await clerk.post(`/api/tickets/${ticketId}/finish`);
      return {
        packageId: sent.package?.packageId ?? '',
        sha256: sent.package?.sha256 ?? '',
        sizeBytes: sent.package?.sizeBytes ?? 0,
        ok: sent.state === 'sent' && sent.package !== null,
      };
    },

    async sync() {
      await login(technician, 'technician');
      const journal = await waitFor('receipt of every fact', async () => {
        const now = await technician.get<JournalView>('/api/journal');
        return now.receiptedUpTo === now.facts.length && now;
      });
      const { package: sent } = await view();
      return {
        facts: journal.facts.length,
        receiptedUpTo: journal.receiptedUpTo,
        epoch: journal.epoch,
        packageStored: sent?.stored ?? false,
        ok: sent?.stored === true,
      };
    },

    async agency() {
      await login(operator, 'operator');
      const seen = await waitFor('registration by the agency', async () => {
        const now = await operator.get<CentreCaseView>(`/api/cases/${caseId}`);
        return now.registrationNumber !== null && now;
      });
      return {
        verdict: seen.package?.verdict ?? '',
        registrationNumber: seen.registrationNumber,
        agency: seen.agency.ru,
        ok: seen.package?.verdict === 'passed',
      };
    },

    async result() {
      const ready = await waitFor('the signed result', async () => {
        const now = await view();
        return now.state === 'result-ready' && now;
      });
      const centre = await operator.get<CentreCaseView>(`/api/cases/${caseId}`);
      return {
        statuses: ready.history.filter(({ by }) => by === 'agency').map(({ event }) => event),
        sha256: ready.result?.sha256 ?? '',
        sizeBytes: ready.result?.sizeBytes ?? 0,
        verdictAtCentre: centre.result?.verdict ?? '',
        ok: centre.result?.verdict === 'passed' && centre.result.sha256 === ready.result?.sha256,
      };
    },

    async handOut() {
      const copied = await clerk.post<CaseView>(`/api/cases/${caseId}/paper-copy`);
      const papers = await devices.get<string[]>('/papers');
      const done = await clerk.post<CaseView>(`/api/cases/${caseId}/hand-out`);
      const copy = copied.copies.at(-1);
      return {
        copyNumber: copy?.copyNumber ?? 0,
        printedOn: copy?.printedOn ?? null,
        printedPapers: papers.length,
        historyLines: done.history.length,
        ok: done.state === 'handed-out' && papers.length > 0,
      };
    },

    async evidence() {
      const proofOf = (number: string) =>
        operator
          .get<AuditProof>(`/api/audit/proof?number=${encodeURIComponent(number)}`)
          // Events of the last second come under the next signature.
          .catch(() => undefined);
      const journal = await waitFor('receipt of the last fact', async () => {
        const now = await technician.get<JournalView>('/api/journal');
        return now.receiptedUpTo === now.facts.length && now;
      });
      const finished = await view();
      const digest = finished.package?.sha256 ?? '';
      await waitFor('stamp and revocation', async () => {
        const { state } = await operator.get<EvidenceView>(`/api/evidence/${digest}`);
        return state === 'complete';
      });
      const prints = await devices.get<VisitEvidence['ticketPrint'][]>('/tickets');
      const ticket = await ticketNow();
      const index = prints.findIndex(print => print.qr.includes(ticket.statusUrl));
      const print = prints[index];
      if (!print) throw new Error('the ticket is not among what was printed');
      return {
        ticket,
        case: finished,
        centreCase: await operator.get(`/api/cases/${caseId}`),
        package: await clerk.bytes(`/api/cases/${caseId}/package`),
        result: await clerk.bytes(`/api/cases/${caseId}/result`),
        paperCopy: await clerk.bytes(`/api/cases/${caseId}/copies/${finished.copies.length}`),
        ticketBytes: await devices.bytes(`/tickets/${index + 1}.bin`),
        ticketPicture: await devices.bytes(`/tickets/${index + 1}.png`),
        ticketPrint: print,
        journal,
        ledger: await operator.get(`/api/ledger/${branch.box}`),
        packageProofs: await operator.bytes(`/api/evidence/${digest}/files`),
        proof: await waitFor('signed audit log', () => proofOf(finished.number)),
      };
    },
  };
}
