import type { Clock } from '../../../platform/clock.ts';
import { verifyPackage } from '../../../protocol/package/asice.ts';
import type { Content } from './content.ts';
import type { Mode } from './mode.ts';
import type { Records, Registered } from './records.ts';
import type { MakeResult } from './result.ts';

export interface WorkOptions {
  records: Records;
  content: Content;
  clock: Clock;
  /** Time from one step of a request to the next. */
  stepMs: number;
  mode: () => Mode;
  /** DER of the authorities that the agency trusts for what comes from the centre. */
  packageAnchors: Uint8Array[];
  containerAnchors: Uint8Array[];
  makeResult: MakeResult;
}

export interface Work {
  /** Takes up a request where it stands. */
  take(requestId: string): void;
  stop(): Promise<void>;
}

/** The office behind the gateway: accepted → in work → ready or refused, one step at a time, across crashes. */
export function startWork(options: WorkOptions): Work {
  const { records, clock } = options;
  const timers = new Map<string, NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  let stopped = false;

  function take(requestId: string): void {
    if (stopped || timers.has(requestId)) return;
    const timer = setTimeout(() => {
      timers.delete(requestId);
      const step = nextStep(requestId).finally(() => running.delete(step));
      running.add(step);
    }, options.stepMs);
    timers.set(requestId, timer);
  }

  async function nextStep(requestId: string): Promise<void> {
    const job = records.find(requestId);
    if (!job || job.step === 'done') return;
    if (job.step === 'in-work') return await decide(job);
    const step = job.step === 'registered' ? 'accepted' : 'in-work';
    const note =
      step === 'accepted' ? `Зарегистрировано: ${job.ack.registrationNumber}` : 'Передано исполнителю';
    records.advance(requestId, step, { at: clock.now().toISOString(), status: step, note });
    take(requestId);
  }

  async function decide({ request, agencyId, ack }: Registered): Promise<void> {
    const refused = (note: string) =>
      records.advance(request.requestId, 'done', { at: clock.now().toISOString(), status: 'refused', note });
    if (options.mode().results === 'refuse-package')
      return refused('Представлен неполный комплект документов');
    const report = await verifyPackage(await options.content.get(request.package.sha256), {
      documentAnchors: options.packageAnchors,
      containerAnchors: options.containerAnchors,
      at: clock.now(),
    });
    if (report.verdict !== 'passed') return refused(`Пакет не прошёл проверку: ${report.reasons.join(', ')}`);
    const at = clock.now();
    const documents = report.documents.length;
    const bytes = await options.makeResult({
      agencyId,
      request,
      ack,
      documents,
      at,
      kind: options.mode().results,
    });
    const result = await options.content.put(bytes, 'application/vnd.etsi.asic-e+zip');
    records.advance(request.requestId, 'done', {
      at: at.toISOString(),
      status: 'ready',
      note: 'Решение принято',
      result,
    });
  }

  for (const { request, step } of records.all()) if (step !== 'done') take(request.requestId);

  return {
    take,
    async stop() {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(running);
    },
  };
}
