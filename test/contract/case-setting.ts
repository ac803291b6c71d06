import { randomUUID } from 'node:crypto';
import { afterEach, before } from 'node:test';
import type { ScannedPage } from '../../device/peripherals/driver.ts';
import {
  type BranchWish,
  clerkAt,
  openBranch,
  rightPin,
  type SigningParties,
  signingParties,
  smallPage,
  type TestBranch,
} from '../fixtures/branch.ts';

/*
 * One branch at a time for the tests of cases: the file that imports this gets a new one with `start`, and
 * it is closed after each test.
 */
export const serviceId = 'passport-issue'; // requires application, photo and birth-certificate
export const required = ['application', 'photo', 'birth-certificate'];
export const me = clerkAt('1');
export let parties: SigningParties;
export let branch: TestBranch;
let pages = 0;
let seats = 0;

before(async () => {
  parties = await signingParties();
});
afterEach(() => branch.close());

export const start = async (wish: Partial<BranchWish> = {}) => {
  branch = await openBranch({ parties, ...wish });
};
export const desk = () => branch.now();
export const view = (caseId: string) => desk().views.get(caseId);
const types = () =>
  desk()
    .journal.read(0, 1000)
    .map(fact => fact.type);
export const count = (type: string) => types().filter(each => each === type).length;

/** A person at the window, without the printer's help. */
export async function seat(number = `Б${++seats}`): Promise<string> {
  const subject = randomUUID();
  const issued = { number, serviceId, day: '2026-11-23', requestId: randomUUID() };
  const at = { window: '1', clerk: me.login };
  await desk().journal.commit([
    { type: 'ticket.issued', subject, body: issued },
    { type: 'ticket.waiting', subject, body: { by: 'printed' } },
    { type: 'ticket.called', subject, body: { ...at, call: 1 } },
    { type: 'ticket.serving', subject, body: at },
  ]);
  return subject;
}
export const openCase = async (service = serviceId) =>
  await desk().cases.open(me, { ticketId: await seat(), serviceId: service });

export const nextPage = async (): Promise<ScannedPage> => ({
  bytes: await smallPage(++pages),
  source: 'sane:test:0',
});

export async function addPage(caseId: string, kind: string, page?: ScannedPage): Promise<string> {
  const documentId = desk().documents.documentFor(caseId, kind);
  await desk().documents.addPage({ caseId, kind, documentId, page: page ?? (await nextPage()) });
  return documentId;
}

export async function recognised(caseId: string): Promise<void> {
  desk().documents.recogniseWaiting();
  while (
    desk()
      .store.documents(caseId)
      .some(({ state }) => state === 'recognising')
  )
    await new Promise(resolve => setTimeout(resolve, 5));
  await desk().journal.settled();
}

/** A case with everything that is required, recognised. */
export async function readyCase(): Promise<{ caseId: string; documents: string[] }> {
  const caseId = await openCase();
  const documents = [];
  for (const kind of required) documents.push(await addPage(caseId, kind));
  await recognised(caseId);
  return { caseId, documents };
}

export async function signedCase() {
  const ready = await readyCase();
  await desk().cases.sign(me, ready.caseId, rightPin);
  return ready;
}
