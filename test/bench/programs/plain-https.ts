import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tell } from './conversation.ts';

/** `plain-https ADDRESS CERT KEY`: takes whatever is put and forgets it. */
const [address = '', cert = '', key = ''] = process.argv.slice(2);
const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(201).end());
});
server.listen(0, address, () => tell({ port: (server.address() as { port: number }).port }));
process.on('SIGTERM', () => process.exit(0));
