import { fdatasync, openSync, writeSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { tell } from './conversation.ts';

/**
 * `ticket-floor DIR ANSWER-BYTES FACT-BYTES`: the least that a program on Node can do for a ticket. Node's own
 * HTTP server takes the request and answers so many bytes; with bytes of facts it first appends as many to one
 * file and waits for a flush of the disk that is shared by all who are there. It reads, decides, digests and
 * indexes nothing.
 */
const [dir = '', answerBytes = '', factBytes = ''] = process.argv.slice(2);
/** Status line, `connection`, `keep-alive`, `content-length` and the empty line. */
const headBytes = 96;
const body = 'x'.repeat(Math.max(0, Number(answerBytes) - headBytes));
const head = { 'content-length': body.length };
const facts = Buffer.alloc(Number(factBytes) * 1000, 7);
const file = openSync(join(dir, 'facts'), 'a');
let waiting: ServerResponse[] = [];
let isFlushing = false;

function answer(response: ServerResponse): void {
  response.writeHead(200, head).end(body, 'latin1');
}

/** The disk works while those who waited for it are answered. */
function flush(): void {
  const group = waiting;
  waiting = [];
  isFlushing = group.length > 0;
  if (!isFlushing) return;
  writeSync(file, facts, 0, group.length * Number(factBytes));
  fdatasync(file, error => {
    if (error) throw error;
    flush();
    for (const response of group) answer(response);
  });
}

const server = createServer((request, response) => {
  response.sendDate = false;
  request.resume();
  request.on('end', () => {
    if (facts.length === 0) return answer(response);
    waiting.push(response);
    if (isFlushing) return;
    isFlushing = true;
    setImmediate(flush);
  });
});
server.listen(0, '127.0.0.1', () => tell({ port: (server.address() as { port: number }).port }));
process.on('SIGTERM', () => process.exit(0));
