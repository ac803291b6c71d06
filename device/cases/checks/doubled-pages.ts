import { type DocumentWarning, documentWarning } from '../../../protocol/document-warnings.ts';
import { isSamePage } from '../../capture/doubles/same-page.ts';
import type { CheckedDocument } from './checked-document.ts';

/**
 * One sheet scanned twice, in one document or in two: the later page may be taken out. The very same bytes in
 * two documents are another warning (`same-page`). A sheet that is there three times is told twice.
 */
export function checkDoubledPages(documents: readonly CheckedDocument[]): DocumentWarning[] {
  const pages = documents.flatMap(document =>
    document.readings.map((reading, index) => ({
      document,
      reading,
      index,
      sha256: document.pages[index],
    })),
  );
  return pages.flatMap((page, at) => {
    const first = pages
      .slice(0, at)
      .find(
        other =>
          (other.document === page.document || other.sha256 !== page.sha256) &&
          isSamePage(other.reading, page.reading),
      );
    if (first === undefined) return [];
    const { document, index } = page;
    const isOne = first.document === document;
    const details = {
      ...{ one: first.index + 1, title: first.document.title },
      ...{ other: index + 1, otherTitle: document.title },
    };
    const ids = [first.document.documentId, document.documentId];
    return [
      {
        ...documentWarning(isOne ? 'page-twice' : 'page-in-two', isOne ? ids.slice(1) : ids, details),
        extraPage: { documentId: document.documentId, page: index },
      },
    ];
  });
}
