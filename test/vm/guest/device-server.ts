import { createServer } from 'node:http';

/** Lets the tests outside move a device that is made inside: `POST /WHAT` with a text, which is answered with one. */
export function serveDevice(obey: (what: string, text: string) => Promise<unknown>): void {
  const [port] = process.argv.slice(2);
  createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      obey((request.url ?? '/').slice(1), Buffer.concat(chunks).toString()).then(
        answer => response.end(JSON.stringify(answer ?? null)),
        error => response.writeHead(500).end(JSON.stringify(String(error))),
      );
    });
  }).listen(Number(port));
}
