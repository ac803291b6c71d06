import sharp from 'sharp';
import { capabilities, type ShownJob, statusDocument } from './documents.ts';
import { type FeederTrouble, feederStates, noFaults, type ScannerFaults } from './faults.ts';
import { readSettings, type ScanWish } from './settings.ts';

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Nothing is answered, or half of it. */
  instead?: 'silence' | 'broken-line';
}

interface Job extends ShownJob {
  /** Sides that went through. */
  sides: number;
  pausesLeft: number;
}

/** The device without its line. */
export class SimulatedScanner {
  faults: ScannerFaults = { ...noFaults };
  /** What clients asked that no device would do; a test that sees one has found a bug. */
  readonly violations: string[] = [];
  readonly #jobs: Job[] = [];
  #feeder: Uint8Array[] = [];
  #glass: Uint8Array | undefined;
  #trouble: FeederTrouble | undefined;

  /** Lays sheets into the feeder; a duplex job takes two pages for a sheet, its front and its back. */
  load(sides: readonly Uint8Array[]): void {
    this.#feeder = [...sides];
    this.#trouble = undefined;
  }

  lay(page: Uint8Array | undefined): void {
    this.#glass = page;
  }

  sidesLeft(): number {
    return this.#feeder.length;
  }

  /** What clients wished for, job by job. */
  wishes(): { wish: ScanWish; state: ShownJob['state'] }[] {
    return this.#jobs.map(({ wish, state }) => ({ wish, state }));
  }

  async answer(method: string, path: string, body: Buffer, host: string): Promise<Reply> {
    if (method === 'GET' && path === '/eSCL/ScannerCapabilities') return xml(capabilities);
    if (method === 'GET' && path === '/eSCL/ScannerStatus') return xml(this.#status());
    if (method === 'POST' && path === '/eSCL/ScanJobs') return this.#begin(body, host);
    const [, jobPath = '', next] = /^(\/eSCL\/ScanJobs\/[0-9]+)(\/NextDocument)?$/.exec(path) ?? [];
    const job = this.#jobs.find(each => each.path === jobPath);
    if (!job) return this.#refuse(404, `${method} ${path}`);
    if (method === 'DELETE' && !next) return this.#cancel(job);
    return method === 'GET' && next ? await this.#next(job) : this.#refuse(405, `${method} ${path}`);
  }

  #status(): string {
    const trouble = this.faults.feeder ?? this.#trouble;
    const isBusy = this.#jobs.some(({ state }) => state === 'Processing') || this.faults.busyTimes > 0;
    const loaded = this.#feeder.length > 0 ? 'ScannerAdfLoaded' : 'ScannerAdfEmpty';
    const feeder = trouble ? feederStates[trouble] : isBusy ? 'ScannerAdfProcessing' : loaded;
    return statusDocument(isBusy ? 'Processing' : 'Idle', feeder, this.#jobs);
  }

  #begin(body: Buffer, host: string): Reply {
    if (this.faults.busyTimes > 0) {
      this.faults.busyTimes--;
      return { status: 503, headers: { 'retry-after': '0' } };
    }
    const wish = readSettings(body);
    if ('refused' in wish) return this.#refuse(409, wish.refused);
    if (this.#jobs.some(({ state }) => state === 'Processing')) return { status: 503 };
    if (wish.source === 'Feeder' && this.#feeder.length === 0) return { status: 409 };
    const path = `/eSCL/ScanJobs/${this.#jobs.length + 1}`;
    const pausesLeft = this.faults.pauses;
    this.#jobs.push({ path, wish, state: 'Processing', reason: 'JobScanning', sides: 0, pausesLeft });
    const origin = this.faults.ownName ? 'http://INVENTED-0001.local' : `http://${host}`;
    return { status: 201, headers: { location: `${origin}${path}` } };
  }

  async #next(job: Job): Promise<Reply> {
    if (job.state === 'Canceled') return { status: 410 };
    if (job.state !== 'Processing') return { status: 404 };
    const reply = this.#due(job);
    if (reply) return reply;
    const page = job.wish.source === 'Platen' ? this.#glass : this.#feeder.shift();
    if (!page || (job.wish.source === 'Platen' && job.sides > 0)) {
      Object.assign(job, { state: 'Completed', reason: 'JobCompletedSuccessfully' });
      return { status: 404 };
    }
    job.sides++;
    job.pausesLeft = this.faults.pauses;
    return { status: 200, headers: { 'content-type': 'image/jpeg' }, body: await drawn(page, job.wish) };
  }

  /** What comes instead of the next page, if anything does. */
  #due(job: Job): Reply | undefined {
    const { after, feeder } = this.faults;
    if (feeder && job.wish.source === 'Feeder') {
      Object.assign(job, { state: 'Aborted', reason: 'ResourcesAreNotReady' });
      return { status: 404 };
    }
    if (after && job.sides / (job.wish.duplex ? 2 : 1) >= after.sheets) {
      if (after.what === 'silence' || after.what === 'broken-line')
        return { status: 200, instead: after.what };
      const isCancel = after.what === 'cancel';
      if (after.what !== 'cancel') this.#trouble = after.what;
      Object.assign(
        job,
        isCancel
          ? { state: 'Canceled', reason: 'JobCanceledByUser' }
          : { state: 'Aborted', reason: 'ResourcesAreNotReady' },
      );
      return { status: isCancel ? 410 : 404 };
    }
    if (job.pausesLeft === 0) return undefined;
    job.pausesLeft--;
    return { status: 503, headers: { 'retry-after': '0' } };
  }

  #cancel(job: Job): Reply {
    if (job.state === 'Processing') Object.assign(job, { state: 'Canceled', reason: 'JobCanceledByUser' });
    return { status: 200 };
  }

  #refuse(status: number, why: string): Reply {
    this.violations.push(why);
    return { status };
  }
}

function xml(body: string): Reply {
  return { status: 200, headers: { 'content-type': 'text/xml' }, body };
}

/** The page as the glass would show it: laid in the corner, in the resolution and colour asked for. */
async function drawn(page: Uint8Array, { width, height, dpi, colourMode }: ScanWish): Promise<Buffer> {
  const pixels = (length: number) => Math.max(1, Math.round((length * dpi) / 300));
  const size = { width: pixels(width), height: pixels(height) };
  const picture = sharp(page)
    .resize({ ...size, fit: 'contain', position: 'left top', background: 'white' })
    .withDensity(dpi);
  if (colourMode === 'Grayscale8') picture.greyscale().toColourspace('b-w');
  return await picture.jpeg({ quality: 90 }).toBuffer();
}
