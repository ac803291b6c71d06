import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { codeOf } from '../../protocol/app-error.ts';
import { limits } from '../../protocol/limits.ts';
import {
  type Birth,
  DownReceipt,
  decodeMessage,
  Envelope,
  encodeMessage,
  protocolVersion,
} from '../../protocol/messages.ts';
import { down } from '../../protocol/topics.ts';
import type { DownLogs } from '../ledger/down-logs.ts';
import type { Delivery, Ledger } from '../ledger/ledger.ts';
import type { Troubles } from '../ledger/troubles.ts';
import { groupCommit } from './group-commit.ts';
import type { IngressEvents } from './ingress.ts';

/** How long a downlink envelope may stay without a receipt before it is sent again. */
const receiptTimeoutMs = 10_000;

export interface Sessions extends IngressEvents {
  /** Tells a box where the centre stands with a journal. */
  sendReceipt(box: string, epoch: string): void;
  stop(): void;
}

/** The conversation with each box: watermarks up, the log down. Nothing here is state that matters. */
export function createSessions(parts: {
  db: DatabaseSync;
  ledger: Ledger;
  downLogs: DownLogs;
  troubles: Troubles;
  clock: Clock;
  log: Log;
  send: (topic: string, payload: Buffer) => void;
  onBirth: (box: string, birth: Birth) => void;
  onChange: () => void;
}): Sessions {
  const { db, ledger, downLogs, troubles, clock, log, send, onChange } = parts;
  const born = db.prepare(`insert into boxes (box, link, since, session, software, register_version)
    values (?, 'connected', ?, ?, ?, ?) on conflict (box) do update set link = 'connected', since = excluded.since,
    session = excluded.session, software = excluded.software, register_version = excluded.register_version`);
  const died = db.prepare(
    `update boxes set link = 'offline', since = ? where box = ? and session <= ? and link = 'connected'`,
  );
  /** Highest downlink number on the wire, by box. */
  const sentDown = new Map<string, number>();
  const timers = new Map<string, NodeJS.Timeout>();
  const connected = new Set<string>();
  const commit = groupCommit<Delivery>(batch => ledger.accept(batch));

  downLogs.onAppend(box => pumpDown(box));

  function sendReceipt(box: string, epoch: string): void {
    send(down(box).receipt, encodeMessage({ ...ledger.receipt(box, epoch), at: clock.now().toISOString() }));
  }

  function pumpDown(box: string): void {
    if (!connected.has(box)) return;
    const { log: id, receipted } = downLogs.log(box);
    const sent = Math.max(sentDown.get(box) ?? receipted, receipted);
    if (sent - receipted >= limits.envelopeWindow * limits.factsPerEnvelope) return;
    const entries = downLogs.entries(box, sent, limits.factsPerEnvelope);
    const last = entries.at(-1);
    if (!last) return;
    send(down(box).log, encodeMessage({ v: protocolVersion, log: id, entries }));
    sentDown.set(box, last.seq);
    // A running timer is left alone: new entries must not put off the repeat of old ones.
    if (timers.has(box)) return;
    const sendAnew = () => {
      forgetSent(box);
      pumpDown(box);
    };
    timers.set(box, setTimeout(sendAnew, receiptTimeoutMs));
  }

  function forgetSent(box: string): void {
    sentDown.delete(box);
    clearTimeout(timers.get(box));
    timers.delete(box);
  }

  return {
    async facts(box, payload) {
      let envelope: Envelope;
      try {
        envelope = decodeMessage(Envelope, payload);
      } catch (error) {
        troubles.raise('sync.protocol-unknown', box, { sizeBytes: payload.length });
        log.error({ box, code: codeOf(error) }, 'an unreadable envelope was dropped');
        return;
      }
      await commit({ box, envelope });
      sendReceipt(box, envelope.epoch);
      onChange();
    },
    birth(box, birth) {
      born.run(box, clock.now().toISOString(), birth.session, birth.software, birth.registerVersion);
      connected.add(box);
      forgetSent(box);
      // A journal that is shorter than what it told before was put back from a copy without a new epoch (F21).
      const { stored } = ledger.receipt(box, birth.epoch);
      if (stored > birth.newestSeq) troubles.raise('sync.journal-forked', box, { seq: birth.newestSeq + 1 });
      sendReceipt(box, birth.epoch);
      const { log: id } = downLogs.log(box);
      downLogs.accept(box, id, birth.heard.log === id ? birth.heard.upTo : 0);
      parts.onBirth(box, birth);
      pumpDown(box);
      onChange();
    },
    death(box, session) {
      const { changes } = died.run(clock.now().toISOString(), box, session);
      if (changes > 0) {
        connected.delete(box);
        forgetSent(box);
      }
      onChange();
    },
    downReceipt(box, payload) {
      const receipt = decodeMessage(DownReceipt, payload);
      const wentBack = downLogs.accept(box, receipt.log, receipt.upTo);
      const { receipted } = downLogs.log(box);
      if (wentBack || receipted >= (sentDown.get(box) ?? 0)) forgetSent(box);
      pumpDown(box);
      onChange();
    },
    sendReceipt,
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
