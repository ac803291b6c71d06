import type { ErrorCode } from '../../../../protocol/errors.ts';
import { defaultTicketTemplate, type TicketTemplate } from '../../../../protocol/ticket-template.ts';
import type { BytePipe } from '../../byte-pipe.ts';
import type { PrintOutcome, TicketPrinter, TicketPrinterStatus, TicketSlip } from '../../driver.ts';
import { paperEnded } from './answers.ts';
import { transmitPaperStatus } from './commands.ts';
import { composeTicket } from './compose-ticket.ts';
import { Conversation, type LineEvent } from './conversation.ts';
import { encodeScrapCut } from './encode-ticket.ts';
import type { EscposModel } from './model.ts';
import { Turns } from './turns.ts';

export interface EscposEnv {
  model: EscposModel;
  /** How tickets look from now on; the default when left out. */
  template?: () => TicketTemplate;
  /** How long one question may stay unanswered; 1500 when left out. */
  answerMs?: number;
  /** How long a ticket may take from the last byte sent to the confirmation; 8000 when left out. */
  jobMs?: number;
  /** How often a printer at work is asked about paper and cover; 400 when left out. */
  pollMs?: number;
  /** A ticket of an earlier line may hang half printed in the printer; false when left out. */
  mayHang?: boolean;
}

const silent: TicketPrinterStatus = {
  online: false,
  coverOpen: false,
  paperOut: false,
  paperNearEnd: false,
  fault: false,
};

/**
 * A ticket printer that speaks ESC/POS over `pipe`. It asks before it sends, and says `printed` only
 * when the printer answered a question that stood in the data behind the cut (`GS r 1`) and still
 * answers after it. Jobs and questions are taken in turn. Never rejects: every outcome is a value.
 */
export function openEscposPrinter(pipe: BytePipe, env: EscposEnv): TicketPrinter {
  const conversation = Conversation.over(pipe, env.answerMs ?? 1500, env.model);
  const turns = new Turns();
  const job: Job = { conversation, jobMs: env.jobMs ?? 8000, pollMs: env.pollMs ?? 400, model: env.model };
  let mayOweConfirmation = true;
  let mayHang = env.mayHang ?? false;

  const print = async (slip: TicketSlip): Promise<PrintOutcome> => {
    const ticket = await composeTicket(slip, env.template?.() ?? defaultTicketTemplate, env.model);
    const refusal = whyNotNow(await conversation.status());
    if (refusal) return { kind: 'failed', code: refusal };
    if (mayOweConfirmation && !(await becomesIdle(conversation, env.model))) {
      return { kind: 'failed', code: 'printer.offline' };
    }
    mayOweConfirmation = true;
    const scrapCut = mayHang ? encodeScrapCut(env.model) : new Uint8Array();
    const outcome = await sendAndWatch(job, ticket, scrapCut);
    mayOweConfirmation = outcome.kind !== 'printed';
    mayHang = hangs(outcome);
    return outcome;
  };

  return {
    print: slip => turns.take(() => print(slip)),
    status: () => turns.take(async () => (await conversation.status()) ?? silent),
    close: () => conversation.close(),
  };
}

/** Whether paper may hang out uncut; whoever puts in a new roll tears the old one off. */
function hangs(outcome: PrintOutcome): boolean {
  return outcome.kind === 'doubtful' || (outcome.kind === 'failed' && outcome.code !== 'printer.paper-out');
}

interface Job {
  conversation: Conversation;
  model: EscposModel;
  jobMs: number;
  pollMs: number;
}

/** Why a printer in this state gets no ticket. An open cover also hides the paper, so it is named first. */
function whyNotNow(status: TicketPrinterStatus | undefined): ErrorCode | undefined {
  if (!status) return 'printer.offline';
  return troubleOf(status) ?? (status.online ? undefined : 'printer.offline');
}

const codeOfFault = {
  cutter: 'printer.cutter',
  overheated: 'printer.overheated',
  other: 'printer.fault',
} as const;

/** What stops a printer in this state; undefined when it prints. */
export function troubleOf(status: TicketPrinterStatus): ErrorCode | undefined {
  if (status.coverOpen) return 'printer.cover-open';
  if (status.paperOut) return 'printer.paper-out';
  if (status.fault) return codeOfFault[status.fault];
  return undefined;
}

/**
 * A confirmation that is still owed for an earlier ticket would be taken for that of the next. So
 * after any doubt, and on a line just opened, the printer must first work off, or forget, what it has.
 */
async function becomesIdle(conversation: Conversation, model: EscposModel): Promise<boolean> {
  if (await conversation.isIdle()) return true;
  if (!model.clearsBuffer || !(await conversation.clear())) return false;
  return conversation.isIdle();
}

async function sendAndWatch(job: Job, ticket: Uint8Array, scrapCut: Uint8Array): Promise<PrintOutcome> {
  const doubtful: PrintOutcome = { kind: 'doubtful', bytes: ticket.length };
  const { conversation } = job;
  const watch = watchFor(conversation);
  try {
    await conversation.send([...scrapCut, ...ticket, ...transmitPaperStatus]);
    const end = await endOfJob(job, watch);
    if (end === 'printed') {
      // A printer that lost power sends zeroes that look like a confirmation: it must still be there.
      return (await conversation.status()) ? { kind: 'printed', bytes: ticket.length } : doubtful;
    }
    if (end === 'unknown') return doubtful;
    // Else the rest would come out when the roll is changed, for a person who has long gone.
    if (job.model.clearsBuffer) await conversation.clear();
    return { kind: 'failed', code: end };
  } catch {
    // The line broke while the ticket went out; how much of it arrived nobody knows.
    return doubtful;
  } finally {
    watch.stop();
  }
}

async function endOfJob(job: Job, watch: Watch): Promise<'printed' | 'unknown' | ErrorCode> {
  const deadline = performance.now() + job.jobMs;
  while (performance.now() < deadline) {
    await watch.next(Math.min(job.pollMs, deadline - performance.now()));
    // A question asked meanwhile may overtake the confirmation, so that one is looked at last.
    const status = watch.ended() ? undefined : await job.conversation.status();
    const end = watch.ended() ?? (status && troubleOf(status));
    if (end) return end;
  }
  return watch.ended() ?? 'unknown';
}

interface Watch {
  /** Resolves when something decisive has arrived, or after `ms`. */
  next(ms: number): Promise<void>;
  ended(): 'printed' | 'unknown' | ErrorCode | undefined;
  stop(): void;
}

function watchFor(conversation: Conversation): Watch {
  let end: 'printed' | 'unknown' | ErrorCode | undefined;
  const decisive = Promise.withResolvers<void>();
  const stop = conversation.listen(event => {
    // The first word counts: trouble after the confirmation is trouble for the next ticket.
    end ??= meaning(event);
    if (end) decisive.resolve();
  });
  return {
    async next(ms) {
      let timer: NodeJS.Timeout | undefined;
      const pause = new Promise<void>(resolve => {
        timer = setTimeout(resolve, ms);
      });
      await Promise.race([decisive.promise, pause]);
      clearTimeout(timer);
    },
    ended: () => end,
    stop,
  };
}

function meaning(event: LineEvent): 'printed' | 'unknown' | ErrorCode | undefined {
  switch (event.kind) {
    case 'paper':
      return paperEnded(event.value) ? 'printer.paper-out' : 'printed';
    case 'automatic':
    case 'full':
      return troubleOf(event.status);
    case 'closed':
      return 'unknown';
    default:
      return undefined;
  }
}
