import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { answer, tell } from './conversation.ts';

/**
 * `hall-pages PORT PASSWORD SERVICE…`: twenty open pages of a hall (ten clerks, four boards, four phones, two kiosks)
 * that fetch again whatever changes, as the pages do, while clerks and visitors press their buttons.
 */
const [port = '', password = '', ...services] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
const [clerkCount, boards, phones, kiosks] = [10, 4, 4, 2];
/** Pause of a clerk between two buttons, and of a kiosk between two people. */
const [clerkPauseMs, kioskPauseMs] = [1000, 700];

interface Answer {
  status: number;
  body: string;
  cookie: string;
}

function call(method: string, path: string, cookie = '', body?: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const payload = body && JSON.stringify(body);
    const headers = { cookie, ...(payload && { 'content-type': 'application/json' }) };
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent }, reply => {
      let text = '';
      reply.setEncoding('utf8');
      reply.on('data', chunk => {
        text += chunk;
      });
      reply.on('end', () => {
        const given = reply.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
        resolve({ status: reply.statusCode ?? 0, body: text, cookie: given });
      });
    });
    sent.on('error', reject);
    sent.end(payload);
  });
}

const actions: number[] = [];
const refreshes: number[] = [];
let isMeasured = false;
let isOver = false;

async function timed(into: number[], work: () => Promise<Answer>): Promise<Answer> {
  const begunMs = performance.now();
  const reply = await work();
  if (isMeasured) into.push(performance.now() - begunMs);
  // A refusal is an answer: two clerks may want the last one who waits.
  if (reply.status >= 500) throw new Error(reply.body);
  return reply;
}

/** Fetches again at each word of the box; words that come meanwhile are one more fetch. */
function openPage(path: () => string, cookie = ''): void {
  let [running, again] = [false, false];
  async function refresh(): Promise<void> {
    if (running) {
      again = true;
      return;
    }
    running = true;
    do {
      again = false;
      await timed(refreshes, () => call('GET', path(), cookie));
    } while (again && !isOver);
    running = false;
  }
  const stream = request({ host: '127.0.0.1', port, path: '/api/live' }, reply => {
    reply.setEncoding('utf8');
    reply.on('data', (chunk: string) => {
      if (chunk.includes('event: changed') && !isOver) void refresh();
    });
  });
  stream.on('error', () => undefined);
  stream.end();
}

const take = () => {
  const serviceId = services[Math.floor(Math.random() * services.length)] ?? '';
  return call('POST', '/api/tickets', '', { requestId: randomUUID(), serviceId });
};

async function clerk(window: number): Promise<void> {
  const { cookie } = await call('POST', '/api/login', '', { login: `clerk-${window}`, password });
  openPage(() => '/api/queue', cookie);
  const press = async (path: string) => {
    await sleep(clerkPauseMs * (0.5 + Math.random()));
    return timed(actions, () => call('POST', path, cookie));
  };
  while (!isOver) {
    const called = JSON.parse((await press('/api/queue/next')).body) as { mine?: { ticketId: string } };
    const ticketId = called.mine?.ticketId;
    if (ticketId === undefined) continue;
    await press(`/api/tickets/${ticketId}/recall`);
    await press(`/api/tickets/${ticketId}/came`);
    await press(`/api/tickets/${ticketId}/finish`);
  }
}

async function kiosk(): Promise<void> {
  openPage(() => '/api/branch');
  while (!isOver) {
    await sleep(kioskPauseMs * (0.5 + Math.random()));
    await timed(actions, take);
  }
}

answer({
  async run(wish) {
    const { seconds, people } = wish as { seconds: number; people: number };
    let newest = '';
    for (let person = 0; person < people; person++)
      newest = (JSON.parse((await take()).body) as { id: string }).id;
    for (let board = 0; board < boards; board++) openPage(() => '/api/board');
    for (let phone = 0; phone < phones; phone++) openPage(() => `/api/tickets/${newest}`);
    const everybody = [
      ...Array.from({ length: clerkCount }, (_, index) => clerk(index + 1)),
      ...Array.from({ length: kiosks }, kiosk),
    ];
    await sleep(2000);
    isMeasured = true;
    await sleep(seconds * 1000);
    isOver = true;
    await Promise.all(everybody);
    return { actions, refreshes };
  },
});
tell({ ready: true });
