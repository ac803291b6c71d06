import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { decodeIpp, IppSyntaxError } from '../../../device/peripherals/printers/ipp-decode.ts';
import { encodeIpp } from '../../../device/peripherals/printers/ipp-encode.ts';
import { jobState, status } from '../../../device/peripherals/printers/ipp-message.ts';
import { writeFileAtomically } from '../../../platform/atomic-file.ts';
import { answer, answerTo, type PrinterModel } from './answers.ts';
import { advanced, isOver, type PrinterFault, type PrinterJob } from './job.ts';

export type { PrinterFault } from './job.ts';

const stepMs = 20;
const requestBytes = 64 * 1024 * 1024;

export interface SimulatedPrinter {
  url: string;
  port: number;
  jobs(): Pick<PrinterJob, 'id' | 'name' | 'state'>[];
  /** Undefined mends the printer. */
  setFault(fault: PrinterFault | undefined): Promise<void>;
  close(): Promise<void>;
}

/**
 * An A4 printer that speaks IPP over HTTP and puts `job-N.pdf` into the folder when the paper of job N
 * would lie in the tray. Strict: a request that breaks RFC 8010 or 8011 is refused as they say. The file
 * `fault` in the folder, when there is one, says what is wrong with it (`PrinterFault`).
 */
export async function startIppPrinter(options: { port?: number; dir: string }): Promise<SimulatedPrinter> {
  await mkdir(options.dir, { recursive: true });
  const faultFile = join(options.dir, 'fault');
  const jobs: PrinterJob[] = [];
  const startedAt = Date.now();
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      process.stderr.write(`ipp printer: ${String(error)}\n`);
      response.destroy();
    });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const { port } = server.address() as AddressInfo;
  const url = `ipp://127.0.0.1:${port}/ipp/print`;

  function fault(): PrinterFault | undefined {
    try {
      return (readFileSync(faultFile, 'utf8').trim() || undefined) as PrinterFault | undefined;
    } catch {
      return undefined;
    }
  }

  let stepping = false;
  async function step(): Promise<void> {
    const job = jobs.find(candidate => !isOver(candidate));
    if (!job || stepping) return;
    stepping = true;
    try {
      const next = advanced(job, fault());
      // The sheet lies in the tray before anybody is told so.
      if (next.state === jobState.completed)
        await writeFileAtomically(join(options.dir, `job-${job.id}.pdf`), job.document);
      Object.assign(job, next);
      if (job.state === jobState.processing) job.processingAt ??= Date.now();
      if (isOver(job)) job.completedAt = Date.now();
    } finally {
      stepping = false;
    }
  }
  const timer = setInterval(() => {
    step().catch((error: unknown) => process.stderr.write(`ipp printer: ${String(error)}\n`));
  }, stepMs);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > requestBytes) return void response.writeHead(413).end();
      chunks.push(chunk);
    }
    if (request.method !== 'POST' || request.headers['content-type'] !== 'application/ipp')
      return void response.writeHead(400).end();
    if (request.url !== '/ipp/print') return void response.writeHead(404).end();
    if (fault() === 'silent') return;
    const body = Buffer.concat(chunks);
    const printer: PrinterModel = { url, startedAt, jobs, fault: fault() };
    let reply: ReturnType<typeof answer> | undefined;
    try {
      reply = answerTo(decodeIpp(body), printer);
    } catch (error) {
      if (!(error instanceof IppSyntaxError)) throw error;
      const requestId = body.length < 8 ? 0 : body.readInt32BE(4);
      reply = answer({ requestId, version: { major: 1, minor: 1 } }, status.badRequest);
    }
    if (!reply) return;
    response.writeHead(200, { 'content-type': 'application/ipp' }).end(encodeIpp(reply));
  }

  return {
    url,
    port,
    jobs: () => jobs.map(({ id, name, state }) => ({ id, name, state })),
    setFault: kind => (kind ? writeFile(faultFile, kind) : rm(faultFile, { force: true })),
    async close() {
      clearInterval(timer);
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
