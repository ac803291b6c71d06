import type { BlobStore } from '../../platform/blob-store.ts';
import type { Log } from '../../platform/log.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import type { NewFact } from '../../protocol/facts.ts';
import type { Birth, DownBody, DownEntry, DownEnvelope, DownReceipt } from '../../protocol/messages.ts';
import { judgeDownEntry, protocolVersion } from '../../protocol/messages.ts';
import type { BoxState } from '../journal/box-state.ts';
import type { Journal } from '../journal/journal.ts';
import type { ContentClient } from './content-client.ts';

/** What the box makes of entries; each returns the facts to write in one transaction with the watermark. */
export interface DownHandlers {
  status(body: DownBody<'case.status'>, seq: number): NewFact[];
  result(body: DownBody<'case.result'>, seq: number): Promise<NewFact[]>;
  register(body: DownBody<'register.published'>, seq: number): Promise<NewFact[]>;
}

export interface Downlink {
  /** Applies what is next in order; answers with the receipt to publish. Entries seen before are only receipted again. */
  accept(envelope: DownEnvelope): Promise<DownReceipt>;
  /** How far this box is, for the birth. */
  heard(): Birth['heard'];
}

/**
 * Centre → box. The watermark moves in the same transaction as the facts that an entry causes, so an
 * entry is applied once whatever happens in between.
 */
export function createDownlink(parts: {
  journal: Journal;
  state: BoxState;
  blobs: BlobStore;
  content: ContentClient;
  handlers: DownHandlers;
  log: Log;
}): Downlink {
  const { journal, state, blobs, content, handlers, log } = parts;
  let turn: Promise<unknown> = Promise.resolve();

  async function factsOf(entry: DownEntry): Promise<NewFact[]> {
    const verdict = judgeDownEntry(entry);
    if (verdict !== 'known') {
      // A newer centre may say things that this version cannot read; nothing behind them may wait (F22, F23).
      log.error({ seq: entry.seq, type: entry.type, verdict }, 'a downlink entry was passed over');
      return [];
    }
    switch (entry.type) {
      case 'case.status':
        return handlers.status(entry.body as DownBody<'case.status'>, entry.seq);
      case 'case.result': {
        const body = entry.body as DownBody<'case.result'>;
        await content.download(body.result);
        return handlers.result(body, entry.seq);
      }
      case 'register.published': {
        const body = entry.body as DownBody<'register.published'>;
        await content.download(body.content);
        return registerFacts(body, entry.seq);
      }
      case 'content.wanted': {
        const body = entry.body as DownBody<'content.wanted'>;
        if (await blobs.has(body.content.sha256)) await content.upload(body.content);
        return [];
      }
      default:
        throw new AppError('internal.unexpected', { type: entry.type });
    }
  }

  /** A register that only a newer version can read must not stop the branch: it works on by the one it has (F23). */
  async function registerFacts(body: DownBody<'register.published'>, seq: number): Promise<NewFact[]> {
    try {
      return await handlers.register(body, seq);
    } catch (error) {
      if (codeOf(error) !== 'setup.bad-configuration') throw error;
      log.error({ seq, version: body.version }, 'a register that this version cannot read was passed over');
      return [];
    }
  }

  async function apply(envelope: DownEnvelope): Promise<DownReceipt> {
    if (state.get('down-log') !== envelope.log)
      await journal.commit([], () => {
        state.set('down-log', envelope.log);
        state.set('down-applied', '0');
      });
    let applied = Number(state.get('down-applied') ?? 0);
    for (const entry of envelope.entries) {
      if (entry.seq <= applied) continue;
      if (entry.seq !== applied + 1) break;
      const facts = await factsOf(entry);
      await journal.commit(facts, () => state.set('down-applied', String(entry.seq)));
      applied = entry.seq;
    }
    return { v: protocolVersion, log: envelope.log, upTo: applied };
  }

  return {
    heard: () => ({ log: state.get('down-log') ?? null, upTo: Number(state.get('down-applied') ?? 0) }),
    accept(envelope) {
      const result = turn.then(() => apply(envelope));
      turn = result.catch(() => undefined);
      return result;
    },
  };
}
