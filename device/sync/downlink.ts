import type { BlobStore } from '../../platform/blob-store.ts';
import type { Log } from '../../platform/log.ts';
import { createSharedWork } from '../../platform/shared-work.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import { digestEntry } from '../../protocol/entry-digest.ts';
import type { NewFact } from '../../protocol/facts.ts';
import { limits } from '../../protocol/limits.ts';
import {
  type Birth,
  type DownBody,
  type DownEntry,
  type DownEnvelope,
  type DownReceipt,
  type DownType,
  type JudgeDownEntry,
  judgeDownEntry,
  protocolVersion,
} from '../../protocol/messages.ts';
import type { Blob } from '../../protocol/values.ts';
import type { BoxState } from '../journal/box-state.ts';
import type { Journal } from '../journal/journal.ts';
import type { ParkedRow } from '../journal/projections/parked-entries.ts';
import type { ContentClient } from './content-client.ts';

/** What the box makes of entries; each returns the facts to write in one transaction with the watermark. */
export interface DownHandlers {
  status(body: DownBody<'case.status'>, seq: number): NewFact[];
  result(body: DownBody<'case.result'>, seq: number): Promise<NewFact[]>;
  /** Throws `setup.bad-configuration` when only a newer version can read the register. */
  register(body: DownBody<'register.published'>, seq: number): Promise<NewFact[]>;
  appointment(body: DownBody<'appointment.put'>): NewFact[];
  destroyed(body: DownBody<'case.destroyed'>, seq: number): Promise<NewFact[]>;
}

export interface Downlink {
  /** Applies what is next in order; answers with the receipt to publish. Entries seen before are only receipted again. */
  accept(envelope: DownEnvelope): Promise<DownReceipt>;
  /** How far this box is, for the birth. */
  heard(): Birth['heard'];
  /** Tries parked entries again, those that this version can read now or whose content came; called at the start. */
  replay(): Promise<void>;
}

/**
 * Centre → box. The watermark moves in the same transaction as the facts that an entry causes, so an
 * entry is applied once whatever happens in between. What this version cannot read is parked as a fact of
 * its own: nothing behind it waits, the operators hear of it, and it is read after an update (F22, F23). So
 * is an entry whose content the centre has lost; it is applied when the content came.
 */
export function createDownlink(parts: {
  journal: Journal;
  state: BoxState;
  blobs: BlobStore;
  content: ContentClient;
  handlers: DownHandlers;
  /** Entries that this version could not read when they came. */
  parked: () => ParkedRow[];
  log: Log;
  /** What this version can read. */
  judge?: JudgeDownEntry;
}): Downlink {
  const { journal, state, blobs, content, handlers, parked, log, judge = judgeDownEntry } = parts;
  let turn: Promise<unknown> = Promise.resolve();
  const envelopes = createSharedWork();

  /** Brings what an entry names. False when the centre has lost it: the entry is applied when it has it again. */
  async function bring(blob: Blob): Promise<boolean> {
    const lost = Promise.withResolvers<false>();
    const came = content.download(blob, () => lost.resolve(false)).then(() => true);
    const isHere = await Promise.race([came, lost.promise]);
    if (!isHere) came.then(replay).catch(stoppedOrTold);
    return isHere;
  }

  /** Transfers end with an abort when the box stops. */
  function stoppedOrTold(error: unknown): void {
    if ((error as Error).name === 'AbortError') return;
    log.error({ err: error, code: codeOf(error) }, 'a parked entry could not be applied');
  }

  /** The facts that an entry causes; undefined or the lost content when it cannot be applied yet. */
  async function factsOf(entry: DownEntry): Promise<NewFact[] | { lost: string } | undefined> {
    if (judge(entry) !== 'known') return undefined;
    switch (entry.type as DownType) {
      case 'case.status':
        return handlers.status(entry.body as DownBody<'case.status'>, entry.seq);
      case 'case.result': {
        const body = entry.body as DownBody<'case.result'>;
        if (!(await bring(body.result))) return { lost: body.result.sha256 };
        return handlers.result(body, entry.seq);
      }
      case 'register.published': {
        const body = entry.body as DownBody<'register.published'>;
        if (!(await bring(body.content))) return { lost: body.content.sha256 };
        return registerFacts(body, entry.seq);
      }
      case 'appointment.put':
        return handlers.appointment(entry.body as DownBody<'appointment.put'>);
      case 'content.wanted': {
        const body = entry.body as DownBody<'content.wanted'>;
        // Not waited for: words to other cases must not wait for megabytes, and the centre asks again.
        if (await blobs.has(body.content.sha256)) content.upload(body.content).catch(stoppedOrTold);
        return [];
      }
      case 'case.destroyed':
        return handlers.destroyed(entry.body as DownBody<'case.destroyed'>, entry.seq);
    }
  }

  /** What rotted here since it came: out of the way, it comes again with the repeat of the entry. */
  async function putAside(error: unknown): Promise<never> {
    const sha256 = error instanceof AppError ? error.details.sha256 : undefined;
    if (codeOf(error) === 'journal.blob-corrupt' && typeof sha256 === 'string' && (await blobs.has(sha256)))
      await blobs.setAside(sha256);
    throw error;
  }

  /** A register that only a newer version can read must not stop the branch: it works on by the one it has (F23). */
  async function registerFacts(body: DownBody<'register.published'>, seq: number) {
    try {
      return await handlers.register(body, seq);
    } catch (error) {
      if (codeOf(error) !== 'setup.bad-configuration') throw error;
      return undefined;
    }
  }

  function park(id: string, entry: DownEntry, lost?: string): NewFact[] {
    const code = lost ? 'sync.content-lost' : 'sync.entries-parked';
    log.error({ code, seq: entry.seq, type: entry.type }, 'a downlink entry is parked');
    const { seq, at, type } = entry;
    // An entry beyond all limits must not stop the log: what is left of it is its name.
    const isHuge = Buffer.byteLength(JSON.stringify(entry)) > limits.factBytes / 2;
    const body = {
      log: id,
      downSeq: seq,
      entryType: type,
      entry: isHuge ? { seq, at, type } : entry,
      ...(lost && { lost }),
    };
    return [{ type: 'downlink.entry-parked', subject: id, body }];
  }

  async function apply(envelope: DownEnvelope): Promise<DownReceipt> {
    if (state.get('down-log') !== envelope.log)
      await journal.commit([], () => {
        state.set('down-log', envelope.log);
        state.set('down-applied', '0');
        state.set('down-digest', '');
      });
    let applied = Number(state.get('down-applied') ?? 0);
    for (const entry of envelope.entries) {
      if (entry.seq <= applied) continue;
      if (entry.seq !== applied + 1) break;
      const caused = await factsOf(entry).catch(putAside);
      const facts = Array.isArray(caused) ? caused : park(envelope.log, entry, caused?.lost);
      await journal.commit(facts, () => {
        state.set('down-applied', String(entry.seq));
        state.set('down-digest', digestEntry(entry));
      });
      applied = entry.seq;
    }
    return { v: protocolVersion, log: envelope.log, upTo: applied };
  }

  async function applyParked(): Promise<void> {
    for (const row of parked()) {
      const facts = await factsOf(JSON.parse(row.entry)).catch(putAside);
      if (!Array.isArray(facts)) continue;
      const { log: id, down_seq: downSeq } = row;
      await journal.commit([
        ...facts,
        { type: 'downlink.entry-applied', subject: id, body: { log: id, downSeq } },
      ]);
    }
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  }

  const replay = () => inTurn(applyParked);

  return {
    heard() {
      const digest = state.get('down-digest');
      return {
        log: state.get('down-log') ?? null,
        upTo: Number(state.get('down-applied') ?? 0),
        ...(digest && { digest }),
      };
    },
    // While content is fetched, perhaps for weeks, the centre says the same again every few seconds.
    accept: envelope =>
      envelopes.do(`${envelope.log} ${envelope.entries[0]?.seq}`, () => inTurn(() => apply(envelope))),
    replay,
  };
}
