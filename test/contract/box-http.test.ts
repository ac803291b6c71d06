import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  copyFile,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { DevicesView, JournalView } from '../../protocol/api/box.ts';
import type { BoardView } from '../../protocol/api/branch.ts';
import type { CaseView } from '../../protocol/api/cases.ts';
import type { QueueView } from '../../protocol/api/queue.ts';
import type { IncomingView } from '../../protocol/api/scanning.ts';
import type { SigningView, TokenView } from '../../protocol/api/signing.ts';
import type { TicketView } from '../../protocol/api/tickets.ts';
import { limits } from '../../protocol/limits.ts';
import type {
  CandidatePage,
  KindsView,
  SampleLook,
  SampleVerdict,
  Suggestion,
} from '../../protocol/trainer.ts';
import {
  type HttpClient,
  httpClient,
  Refused,
  waitFor,
} from '../../provisioning/demonstration/box-client.ts';
import { someFreeBase } from '../../provisioning/demonstration/ports.ts';
import { type Region, type RegionBranch, startRegion } from '../../provisioning/demonstration/region.ts';
import { people } from '../fixtures/people.ts';
import { pagePath } from '../simulators/branch/paper.ts';

const serviceId = 'housing-subsidy'; // requires application, snils and certificate
const dir = await mkdtemp(join(tmpdir(), 'okno-box-http-'));
let region: Region;
let branch: RegionBranch;
let kiosk: HttpClient;
let clerk: HttpClient;
let technician: HttpClient;
let devices: HttpClient;
const incomingDir = () => join(dir, branch.box, 'incoming');

/** A whole box as people meet it: its own process, its devices beside it, and no centre anywhere. */
before(async () => {
  const basePort = await someFreeBase(1);
  region = await startRegion({ dir, basePort, branches: 1, agencyStepMs: 300, withoutCentre: true });
  const [first] = region.branches;
  assert.ok(first);
  branch = first;
  [kiosk, clerk, technician] = [httpClient(branch.url), httpClient(branch.url), httpClient(branch.url)];
  devices = httpClient(branch.panelUrl);
  await logIn();
  await leaveBadFiles();
});
after(async () => {
  await region?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function logIn(): Promise<void> {
  const { password } = region.secrets;
  await clerk.post('/api/login', { login: 'clerk', password });
  await technician.post('/api/login', { login: 'technician', password });
}

/** They are looked at while the other tests run. */
async function leaveBadFiles(): Promise<void> {
  const files: Record<string, (path: string) => Promise<void>> = {
    'empty.jpg': path => writeFile(path, ''),
    'letter.jpg': path => writeFile(path, 'this is no picture'),
    'torn.jpg': async path => {
      await copyFile(pagePath('snils-card-1'), path);
      await truncate(path, 40_000);
    },
    'huge.tif': async path => {
      await writeFile(path, '');
      await truncate(path, 200 * 1024 * 1024);
    },
  };
  for (const [name, make] of Object.entries(files)) {
    const partial = join(incomingDir(), `${name}.part`);
    await make(partial);
    await rename(partial, join(incomingDir(), name));
  }
}

async function refusalOf(call: Promise<unknown>): Promise<Refused['error']> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Refused, `not refused: ${String(error)}`);
  return error.error;
}
const codeOf = async (call: Promise<unknown>) => (await refusalOf(call)).code;
const issue = (requestId: string = randomUUID(), service = serviceId) =>
  kiosk.post<TicketView>('/api/tickets', { requestId, serviceId: service });
const facts = async () => (await technician.get<JournalView>('/api/journal')).facts.length;

describe('a box that never saw its centre', () => {
  test('says that the link is down, and prints tickets', async () => {
    const { link } = await waitFor('a refused connection', async () => {
      const now = await clerk.get<DevicesView>('/api/devices');
      return now.link.error !== null && now;
    });
    assert.notEqual(link.state, 'connected');
    assert.equal(link.error?.code, 'sync.centre-unreachable');
    assert.ok(link.unsent > 0);
    const ticket = await issue();
    assert.deepEqual([ticket.state, ticket.print.state], ['waiting', 'printed']);
  });

  test('shows its pages and its register', async () => {
    for (const page of ['/kiosk', '/board', '/clerk', '/trainer', '/forecast', '/t/x'])
      assert.match((await kiosk.bytes(page)).toString(), /<!doctype html>/i);
    assert.ok((await kiosk.get<{ services: unknown[] }>('/api/register')).services.length > 0);
    assert.equal((await kiosk.get<BoardView>('/api/board')).waiting.length, 1);
  });
});

describe('the kiosk', () => {
  test('gets no number for an unknown service, and nothing is written', async () => {
    const before = await facts();
    assert.equal(await codeOf(issue(randomUUID(), 'no-such-service')), 'queue.unknown-service');
    assert.equal(await codeOf(issue('not-an-id')), 'internal.bad-request');
    assert.equal(await codeOf(kiosk.get(`/api/tickets/${randomUUID()}`)), 'queue.unknown-ticket');
    assert.equal(await facts(), before);
  });

  test('F26 keeps the number when the printer has no paper, and the strip of devices says so', async () => {
    await devices.post('/printer', { paper: 'out' });
    const requestId = randomUUID();
    const ticket = await issue(requestId);
    assert.ok(ticket.print.state === 'failed' && ticket.print.error.code === 'printer.paper-out');
    assert.equal((await issue(requestId)).number, ticket.number);
    const confirmed = await kiosk.post<TicketView>(`/api/tickets/${ticket.id}/on-screen`);
    assert.equal(confirmed.state, 'waiting');
    await waitFor('the printer in the strip', async () => {
      const now = await clerk.get<DevicesView>('/api/devices');
      return now.devices.find(({ id }) => id === 'ticket-printer')?.error?.code === 'printer.paper-out';
    });
    await devices.post('/printer', { paper: 'ok' });
    assert.equal((await issue()).print.state, 'printed');
  });

  test('pages hear at once that something changed', async () => {
    const ended = new AbortController();
    const response = await fetch(`${branch.url}/api/live`, { signal: ended.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const ticket = await issue();
    let text = '';
    while (!/event: changed\ndata: .*"queue".*\n\n/.test(text)) text += (await reader?.read())?.value ?? '';
    assert.ok(!text.includes(ticket.number), 'what changed is told, never what it is');
    ended.abort();
  });
});

let caseId: string;

describe('the clerk', () => {
  const view = () => clerk.get<CaseView>(`/api/cases/${caseId}`);
  const sign = (pin: string) => clerk.post<CaseView>(`/api/cases/${caseId}/sign`, { pin });

  test('nobody works on cases without logging in, and a technician sees none', async () => {
    for (const path of ['/api/queue', '/api/cases', '/api/incoming', '/api/devices', '/api/journal'])
      assert.equal(await codeOf(kiosk.get(path)), 'access.login-required');
    assert.equal(await codeOf(technician.get('/api/cases')), 'access.forbidden');
    assert.equal(await codeOf(clerk.get('/api/journal')), 'access.forbidden');
    assert.equal(await codeOf(kiosk.post('/api/queue/next')), 'access.login-required');
  });

  test('LED-3.1 opens no case without an agreement, and one for the service of the visit', async () => {
    const { mine } = await clerk.post<QueueView>('/api/queue/next');
    const ticketId = mine?.ticketId ?? '';
    const wish = { ticketId, serviceId };
    assert.equal(await codeOf(clerk.post('/api/cases', wish)), 'queue.wrong-state');
    await clerk.post(`/api/tickets/${ticketId}/came`);
    const parking = { ticketId, serviceId: 'resident-parking' };
    assert.equal(await codeOf(clerk.post('/api/cases', parking)), 'case.no-agreement');
    caseId = (await clerk.post<CaseView>('/api/cases', wish)).caseId;
    assert.equal(await codeOf(clerk.get(`/api/cases/${randomUUID()}`)), 'case.unknown');
  });

  test('takes pages from the folder and cannot send what is not complete', async () => {
    const paper = { application: 'application-1', snils: 'snils-card-1', certificate: 'certificate-1' };
    for (const [kind, page] of Object.entries(paper)) {
      assert.equal(await codeOf(sign('000000')), 'case.documents-missing');
      const { name } = await devices.post<{ name: string }>('/mfp', { page });
      const file = await waitFor(name, async () =>
        (await clerk.get<IncomingView>('/api/incoming')).files.find(each => each.name === name),
      );
      await clerk.post(`/api/cases/${caseId}/documents`, { kind, files: [file.id] });
      const again = clerk.post(`/api/cases/${caseId}/documents`, { kind, files: [file.id] });
      assert.equal(await codeOf(again), 'internal.not-found');
    }
    assert.equal(await codeOf(clerk.post(`/api/cases/${caseId}/send`)), 'case.not-recognised');
    await waitFor('recognition', async () => (await view()).documents.every(each => each.state === 'ready'));
    assert.equal(await codeOf(clerk.post(`/api/cases/${caseId}/send`)), 'case.not-signed');
  });

  test('finds the pages by a word on them', async () => {
    const { hits } = await clerk.get<{ hits: unknown[] }>('/api/search?q=Примерова');
    assert.ok(hits.length > 0);
  });

  test('adds a file that is passed on as it came, and gets it back as a download', async () => {
    const xml = Buffer.from('<extract number="99/2026"><owner>Вымышленный</owner></extract>\r\n');
    const form = new FormData();
    form.set('kind', 'contract');
    form.set('file', new File([xml], 'выписка.xml'));
    await clerk.post(`/api/cases/${caseId}/originals`, form);
    const original = await waitFor('the original', async () => {
      const document = (await view()).documents.find(each => each.original !== null);
      return document?.state === 'ready' && document;
    });
    assert.deepEqual(await clerk.bytes(`/api/documents/${original.documentId}/original`), xml);
    const pdf = clerk.bytes(`/api/documents/${original.documentId}/pdf`);
    assert.equal(await codeOf(pdf), 'internal.not-found');
    form.set('signature', new File(['no signature'], 'выписка.xml.sig'));
    const refused = clerk.post(`/api/cases/${caseId}/originals`, form);
    assert.equal(await codeOf(refused), 'capture.signature-unreadable');
    const empty = clerk.post(`/api/cases/${caseId}/originals`, new FormData());
    assert.equal(await codeOf(empty), 'internal.bad-request');
  });

  test('nobody is asked who they are only after a whole file of theirs was read', async () => {
    const large = new FormData();
    large.set('file', new File([new Uint8Array(limits.pageBytes + limits.signatureBytes + 100_000)], 'x'));
    const nobody = httpClient(branch.url).post(`/api/cases/${caseId}/originals`, large);
    assert.equal(await codeOf(nobody), 'access.login-required');
  });

  test('is told how many tries are left after a wrong PIN', async () => {
    const first = await refusalOf(sign(`${region.secrets.pin}0`));
    const second = await refusalOf(sign(`${region.secrets.pin}1`));
    assert.deepEqual([first.code, second.code], ['token.pin-refused', 'token.pin-last-try']);
    assert.equal(Number(first.details.triesLeft) - Number(second.details.triesLeft), 1);
    assert.equal(await codeOf(sign('')), 'internal.bad-request');
    assert.equal((await clerk.get<TokenView>('/api/token')).pinKept, false);
    assert.equal(await codeOf(clerk.post(`/api/cases/${caseId}/sign`, {})), 'token.pin-needed');
    assert.equal(await clerk.get<SigningView>(`/api/cases/${caseId}/signing`), null);
  });

  test('F14 is told that the token is pulled, and signs when it is back', async () => {
    await devices.post('/token', { plugged: 'no' });
    assert.equal((await clerk.get<TokenView>('/api/token')).state, 'absent');
    assert.equal(await codeOf(sign(region.secrets.pin)), 'token.absent');
    assert.ok((await view()).documents.every(({ signature }) => signature === null));
    await devices.post('/token', { plugged: 'yes' });
    const signed = await sign(region.secrets.pin);
    assert.ok(signed.documents.every(({ signature }) => signature !== null));
  });

  test('LED-3.7 sends into the waiting outbox; the package is kept until the centre is there', async () => {
    const sent = await clerk.post<CaseView>(`/api/cases/${caseId}/send`);
    const again = await clerk.post<CaseView>(`/api/cases/${caseId}/send`);
    assert.deepEqual([sent.state, sent.package?.stored], ['sent', false]);
    assert.equal(again.package?.packageId, sent.package?.packageId);
  });
});

describe('the technician', () => {
  const view = () => technician.get<KindsView>('/api/kinds');
  const invented = /Тест(?!овая)|Образцович|Макетов|Эталонов|[1-9]/;

  test('alone works on the rules of kinds', async () => {
    const { rules, digest } = await view();
    const page = await readFile(pagePath('application-1'));
    const wishes: ((who: HttpClient) => Promise<unknown>)[] = [
      who => who.get('/api/kinds'),
      who => who.get('/api/kinds/rules'),
      who => who.get('/api/kinds/suggestions?kind=snils'),
      who => who.get('/api/kinds/pages?number=1'),
      who => who.put('/api/kinds', { rules, over: digest }),
      who => who.post('/api/kinds/try', { rules }),
      who => who.post('/api/kinds/pages', page),
      who => who.post('/api/kinds/samples', {}),
      who => who.post(`/api/kinds/samples/${'0'.repeat(64)}/look`, { rules }),
      who => who.post(`/api/kinds/samples/${'0'.repeat(64)}/remove`),
    ];
    for (const wish of wishes) {
      assert.equal(await codeOf(wish(clerk)), 'access.forbidden');
      assert.equal(await codeOf(wish(kiosk)), 'access.login-required');
    }
    assert.equal(await codeOf(clerk.post('/api/login', page)), 'internal.bad-request');
  });

  test('sees pages of a case and of a file as words without names and digits', async () => {
    const { number } = await clerk.get<CaseView>(`/api/cases/${caseId}`);
    const ofCase = await technician.get<CandidatePage[]>(
      `/api/kinds/pages?number=${encodeURIComponent(number)}`,
    );
    assert.deepEqual(ofCase.map(({ guess }) => guess).toSorted(), [
      'application',
      'income-certificate',
      'snils',
    ]);
    assert.equal(await codeOf(technician.get('/api/kinds/pages?number=1')), 'case.unknown');
    const ofFile = await technician.post<CandidatePage[]>(
      '/api/kinds/pages',
      await readFile(pagePath('snils-card-1')),
    );
    assert.deepEqual(
      ofFile.map(({ guess }) => guess),
      ['snils'],
    );
    for (const { page } of [...ofCase, ...ofFile])
      assert.doesNotMatch(page.words.map(({ text }) => text).join(' '), invented);
    const none = technician.post('/api/kinds/pages', Buffer.from('this is no picture'));
    assert.equal(await codeOf(none), 'capture.not-an-image');
  });

  test('keeps samples, tries rules on them without keeping the rules, and saves them', async () => {
    const [{ page } = assert.fail()] = await technician.post<CandidatePage[]>(
      '/api/kinds/pages',
      await readFile(pagePath('snils-card-1')),
    );
    const wish = { kind: 'snils', source: 'file', page };
    assert.equal(
      await codeOf(technician.post('/api/kinds/samples', { ...wish, kind: 'ticket' })),
      'capture.unknown-kind',
    );
    for (let times = 0; times < 2; times++) await technician.post('/api/kinds/samples', wish);
    const { samples, rules, digest } = await view();
    assert.deepEqual(
      samples.map(({ kind, source }) => [kind, source]),
      [['snils', 'file']],
    );
    const id = samples[0]?.id ?? '';

    const { snils: _, ...without } = rules;
    const verdicts = await technician.post<SampleVerdict[]>('/api/kinds/try', { rules: without });
    assert.deepEqual(
      verdicts.map(({ guess }) => guess === 'snils'),
      [false],
    );
    const wrong = await refusalOf(technician.post('/api/kinds/try', { rules: { other: rules.snils } }));
    assert.equal(wrong.code, 'capture.rules-refused');
    assert.match(wrong.ru, /вид нельзя назвать «other»/);
    assert.equal((await view()).digest, digest);

    const look = await technician.post<SampleLook>(`/api/kinds/samples/${id}/look`, { rules });
    assert.equal(look.scores[0]?.kind, 'snils');
    const marked = look.scores[0]?.found.flatMap(({ words }) => words.map(at => look.words[at]?.text));
    assert.ok(
      marked?.some(word => /страхов/i.test(word ?? '')),
      marked?.join(' '),
    );
    const suggested = await technician.get<Suggestion[]>('/api/kinds/suggestions?kind=snils');
    assert.ok(suggested.length > 0);

    const saved = await technician.put<KindsView>('/api/kinds', { rules: without, over: digest });
    assert.equal(saved.changed?.by, 'technician');
    assert.equal(
      await codeOf(technician.put('/api/kinds', { rules: { snils: rules.snils }, over: digest })),
      'capture.rules-changed',
    );
    assert.deepEqual(JSON.parse(String(await technician.bytes('/api/kinds/rules'))), without);
    const back = await technician.put<KindsView>('/api/kinds', { rules, over: saved.digest });
    assert.deepEqual([back.changed, back.digest], [null, digest]);
    const left = await technician.post<KindsView>(`/api/kinds/samples/${id}/remove`);
    assert.deepEqual(left.samples, []);
    const written = (await technician.get<JournalView>('/api/journal')).facts as { type: string }[];
    assert.equal(written.filter(({ type }) => type === 'kinds.rules-changed').length, 2);
  });
});

test('files that are no pages are shown with the reason and kept aside; nothing is lost', async () => {
  const expected = {
    'empty.jpg': 'capture.empty',
    'letter.jpg': 'capture.not-an-image',
    'torn.jpg': 'capture.damaged',
    'huge.tif': 'capture.too-large',
  };
  const { rejected, files } = await waitFor('all rejections', async () => {
    const now = await clerk.get<IncomingView>('/api/incoming');
    return now.rejected.length === Object.keys(expected).length && now;
  });
  assert.deepEqual(Object.fromEntries(rejected.map(({ name, error }) => [name, error.code])), expected);
  assert.deepEqual(files, []);
  const huge = rejected.find(({ name }) => name === 'huge.tif');
  assert.equal(huge?.error.details.megabytes, 200);
  const kept = join(incomingDir(), 'rejected');
  for (const name of Object.keys(expected)) await stat(join(kept, name));
  assert.ok(branch.program().alive());
});

test('F01 everything that was acknowledged is there after the box was killed', async () => {
  const view = () => clerk.get<CaseView>(`/api/cases/${caseId}`);
  const before = await view();
  const waiting = (await kiosk.get<BoardView>('/api/board')).waiting;
  await branch.program().kill();
  await branch.restart();
  assert.equal(await codeOf(clerk.get('/api/queue')), 'access.login-required');
  await logIn();
  assert.deepEqual(await view(), before);
  assert.deepEqual((await kiosk.get<BoardView>('/api/board')).waiting, waiting);
  assert.equal((await issue()).state, 'waiting');
});

test('KEM-4.x no name, number of a person or PIN is in any log', async () => {
  const secrets = [
    ...people.flatMap(({ name, nameOf }) => [name, nameOf].map(each => each.split(' ')[0] ?? each)),
    ...people.map(({ snils }) => snils),
    ...people.map(({ snils }) => snils.replace(/\D/g, '')),
    region.secrets.password,
  ];
  const { pin } = region.secrets;
  const pins = new RegExp(`(?<!\\d)${pin}[01]?(?!\\d)`);
  const logs = (await readdir(join(dir, 'logs'))).filter(name => name.endsWith('.log'));
  assert.ok(logs.length >= 3);
  for (const name of logs) {
    const text = await readFile(join(dir, 'logs', name), 'utf8');
    for (const secret of secrets) assert.ok(!text.includes(secret), `${name} holds «${secret}»`);
    assert.doesNotMatch(text, pins, name);
  }
  const box = await readFile(join(dir, 'logs', `${branch.box}.log`), 'utf8');
  assert.ok(box.length > 0, 'the box logs at all');
  const journal = JSON.stringify(await technician.get<JournalView>('/api/journal'));
  for (const secret of secrets) assert.ok(!journal.includes(secret), `the journal holds «${secret}»`);
});
