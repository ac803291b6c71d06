import { execFile } from 'node:child_process';
import { createServer } from 'node:http';

/**
 * The hand of the tests inside the machine: `POST /` with `["program", "argument", …]` runs it as root and
 * answers with its exit status and output. Only in the images of tests, reached only from their host.
 */
const [port = '7000'] = process.argv.slice(2);
const timeoutMs = 60_000;

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('end', () => {
    const [program = 'true', ...args] = JSON.parse(Buffer.concat(chunks).toString() || '["true"]');
    execFile(program, args, { timeout: timeoutMs, maxBuffer: 16 * 1024 ** 2 }, (error, stdout, stderr) => {
      const exitCode = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
      response.end(JSON.stringify({ exitCode, stdout, stderr }));
    });
  });
}).listen(Number(port));
