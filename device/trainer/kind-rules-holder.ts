import { createHash } from 'node:crypto';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Me } from '../../protocol/api/people.ts';
import { AppError } from '../../protocol/app-error.ts';
import { canonicalJson } from '../../protocol/canonical.ts';
import { judgeRules, type KindRules } from '../../protocol/kind-rules.ts';
import { shippedRules } from '../capture/kinds/rules.ts';
import type { BoxState } from '../journal/box-state.ts';
import type { Journal } from '../journal/journal.ts';

/** The rules by which this box tells kinds of papers apart. */
export interface KindRulesHolder {
  current(): KindRules;
  /** SHA-256 of the rules in their canonical form. */
  digest(): string;
  /** Who changed them last and when; null for the shipped set. */
  changed(): { by: string; at: string } | null;
  /**
   * Works by other rules from now on; those as shipped follow later versions of the program again. `over` is
   * the digest of the rules they were made from. Throws `capture.rules-refused`, `capture.rules-changed`.
   */
  replace(me: Me, rules: unknown, over: string): Promise<void>;
}

/** What the box remembers beside its journal: the blob of its own rules. */
interface Kept {
  sha256: string;
  by: string;
  at: string;
}

const bytesOf = (rules: KindRules) => Buffer.from(canonicalJson(rules));
const digestOf = (rules: KindRules) => createHash('sha256').update(bytesOf(rules)).digest('hex');

/** Whatever is wrong with a box's own rules, it starts and works by the shipped ones. */
export async function openKindRules(parts: {
  box: string;
  journal: Journal;
  boxState: BoxState;
  blobs: BlobStore;
  clock: Clock;
  log: Log;
}): Promise<KindRulesHolder> {
  const { box, journal, boxState, blobs, clock, log } = parts;
  let now: { rules: KindRules; digest: string; kept: Kept | null } = (await readOwn()) ?? {
    ...{ rules: shippedRules, digest: digestOf(shippedRules), kept: null },
  };

  async function readOwn(): Promise<typeof now | undefined> {
    const note = boxState.get('kind-rules');
    if (!note) return undefined;
    try {
      const kept = JSON.parse(note) as Kept;
      const verdict = judgeRules(JSON.parse((await blobs.get(kept.sha256)).toString('utf8')));
      if (verdict.kind === 'good') return { rules: verdict.rules, digest: digestOf(verdict.rules), kept };
      log.warn(
        { what: verdict.what.en },
        'the kind rules of this box are refused, the shipped ones are used',
      );
    } catch (error) {
      if (!(error instanceof AppError || error instanceof SyntaxError)) throw error;
      log.warn({ err: error }, 'the kind rules of this box cannot be read, the shipped ones are used');
    }
    return undefined;
  }

  return {
    current: () => now.rules,
    digest: () => now.digest,
    changed: () => now.kept && { by: now.kept.by, at: now.kept.at },
    async replace(me, wished, over) {
      const verdict = judgeRules(wished);
      if (verdict.kind === 'refused') throw new AppError('capture.rules-refused', { what: verdict.what });
      const { rules } = verdict;
      const digest = digestOf(rules);
      // A request that is repeated finds its work done.
      if (digest === now.digest) return;
      const content = await blobs.put(bytesOf(rules), 'application/json');
      // Last, with nothing awaited before the commit begins: two technicians may save at the same time.
      if (over !== now.digest) throw new AppError('capture.rules-changed');
      const before = now;
      const isShipped = digest === digestOf(shippedRules);
      const kept = isShipped ? null : { sha256: content.sha256, by: me.login, at: clock.now().toISOString() };
      now = { rules, digest, kept };
      try {
        await journal.commit(
          [{ type: 'kinds.rules-changed', subject: box, body: { rules: content, technician: me.login } }],
          () => boxState.set('kind-rules', kept ? JSON.stringify(kept) : ''),
        );
      } catch (error) {
        if (now.digest === digest) now = before;
        throw error;
      }
    },
  };
}
