import type { Clock } from '../../../platform/clock.ts';
import type { Me } from '../../../protocol/api/people.ts';
import type { BoxConfig } from '../../config/box-config.ts';
import type { RegisterHolder } from '../../config/register-file.ts';
import { pileKind } from '../../core/arrangement.ts';
import type { DocumentPrinter } from '../../peripherals/driver.ts';
import type { CaseViews } from '../case-view.ts';

/** The paper that an applicant takes home. Nothing is recorded of it: a second press prints it twice. */
export interface ReceiptDesk {
  /** Throws `case.unknown`. */
  sheet(me: Me, caseId: string): Promise<Uint8Array>;
  /** Resolves when it lies in the tray. Throws `case.unknown`, `printer.*`. */
  print(me: Me, caseId: string): Promise<void>;
}

export function createReceiptDesk(parts: {
  views: CaseViews;
  register: RegisterHolder;
  printer: DocumentPrinter;
  branch: BoxConfig['branch'];
  clock: Clock;
}): ReceiptDesk {
  const { views, register, printer, branch, clock } = parts;

  async function sheet(me: Me, caseId: string): Promise<Uint8Array> {
    const view = await views.get(caseId);
    const service = register.get().services.find(({ id }) => id === view.serviceId);
    // With it comes a PDF library that a box need not hold in memory before.
    const { writeReceipt } = await import('./receipt-sheet.ts');
    const format = { timeZone: branch.timeZone, dateStyle: 'long', timeStyle: 'short' } as const;
    return await writeReceipt({
      branch: { name: branch.name.ru, address: branch.address.ru },
      caseNumber: view.number,
      checkCode: view.checkCode,
      service: view.serviceTitle.ru,
      agency: view.agency.ru,
      normWorkingDays: service?.normWorkingDays ?? 0,
      documents: view.documents
        .filter(({ kind }) => kind !== pileKind)
        .map(({ title, pages }) => ({ title: title.ru, pages: pages.length })),
      clerk: { name: me.name, post: me.post },
      takenAt: new Date(view.openedAt).toLocaleString('ru-RU', format),
      madeAt: clock.now(),
    });
  }

  return {
    sheet,
    print: async (me, caseId) => {
      await printer.print(await sheet(me, caseId), { title: 'Расписка' });
    },
  };
}
