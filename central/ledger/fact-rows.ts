import { Compile } from 'typebox/compile';
import { factOf } from '../../platform/fact-row.ts';
import { canonicalJson } from '../../protocol/canonical.ts';
import type { Fact } from '../../protocol/facts.ts';
import { Id } from '../../protocol/values.ts';
import type { FactRow } from '../storage/tables.ts';

const id = Compile(Id);

export function toRow(box: string, fact: Fact, receivedAt: string): FactRow {
  const { epoch, seq, id: factId, type, at, clock, subject, body, prevHash, ...more } = fact;
  const { caseId } = body;
  return {
    box,
    epoch,
    seq,
    id: factId,
    type,
    at,
    clock,
    subject,
    body: canonicalJson(body),
    prev_hash: prevHash,
    received_at: receivedAt,
    case_id: id.Check(caseId) ? caseId : null,
    // F23: members that only a newer box knows are kept, for they are part of the digest.
    more: Object.keys(more).length > 0 ? canonicalJson(more) : null,
  };
}

export function toFact(row: FactRow): Fact {
  return row.more === null ? factOf(row) : { ...factOf(row), ...JSON.parse(row.more) };
}
