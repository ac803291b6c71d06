import type { BlobStore } from '../../platform/blob-store.ts';
import { businessDay, type Clock } from '../../platform/clock.ts';
import { findAgreement } from '../../protocol/register.ts';
import type { CaseBook } from '../cases/case-book.ts';
import type { RegisterStore } from '../registry/register-store.ts';
import type { Storage } from '../storage/storage.ts';
import type { RelayNews } from './relay-news.ts';
import type { RelayRow, RelayStore } from './relay-store.ts';
import { judgePackage, type TrustAnchors } from './verification.ts';

/** Judges a package whose content is here, and lets it go on to the agency of the agreement in force. */
export function createPackageJudge(parts: {
  storage: Storage;
  blobs: BlobStore;
  store: RelayStore;
  book: CaseBook;
  news: RelayNews;
  registers: RegisterStore;
  hasAgency: (agencyId: string) => boolean;
  anchors: TrustAnchors;
  timeZone: string;
  clock: Clock;
}): (row: RelayRow) => Promise<void> {
  const { storage, blobs, store, book, news, registers, hasAgency, anchors, timeZone, clock } = parts;
  return async row => {
    const register = await registers.current();
    const now = clock.now();
    const source = await blobs.open(row.package_sha256);
    const claims = { packageId: row.request_id, caseNumber: row.number, documents: row.documents };
    const judgement = await judgePackage(source, claims, anchors, now).finally(source.close);
    const agreement = findAgreement(register, row.service_id, businessDay(now, timeZone));
    await storage.transaction(async transaction => {
      if (judgement.kind === 'refused')
        await news.refuse(transaction, row, {
          status: 'package-refused',
          code: 'relay.package-refused',
          reason: judgement.reason,
        });
      else if (!agreement || !hasAgency(agreement.agencyId))
        await news.refuse(transaction, row, {
          status: 'no-agreement',
          code: 'relay.no-agreement',
          reason: '',
        });
      else {
        await store.verified(transaction, row.case_id, agreement.agencyId);
        await book.add(transaction, row.case_id, {
          event: 'package-verified',
          by: 'centre',
          content: row.package_sha256,
        });
        await news.tell(transaction, row, 'package-verified', now.toISOString());
      }
    });
  };
}
