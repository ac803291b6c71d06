import type { Clock } from '../../../platform/clock.ts';
import { AppError } from '../../../protocol/app-error.ts';
import type { RequiredDocument } from '../../../protocol/register.ts';
import type { RegisterHolder } from '../../config/register-file.ts';
import { pileKind } from '../../core/arrangement.ts';
import type { DocumentPrinter } from '../../peripherals/driver.ts';
import type { Separator } from './separator-sheets.ts';

/** Sheets that part the documents of a pile, for a service's checklist. Nothing is recorded of them: a second press prints them twice. */
export interface SeparatorDesk {
  /**
   * A sheet for each kind, in this order; `pile` stands for the sheet that fits any document. Throws
   * `queue.unknown-service`, `internal.bad-request` for a kind that it does not ask for.
   */
  sheets(serviceId: string, kinds: readonly string[]): Promise<Uint8Array>;
  /** Resolves when they lie in the tray. Throws `printer.*`. */
  print(serviceId: string, kinds: readonly string[]): Promise<void>;
  /** Kinds that have a sheet: the one for any document first. */
  kinds(serviceId: string): string[];
}

export function createSeparatorDesk(parts: {
  register: RegisterHolder;
  printer: DocumentPrinter;
  clock: Clock;
}): SeparatorDesk {
  const { register, printer, clock } = parts;

  function separatorOf(kind: string, checklist: readonly RequiredDocument[]): Separator {
    if (kind === pileKind) return { title: 'Следующий документ' };
    const line = checklist.find(document => document.kind === kind);
    if (!line) throw new AppError('internal.bad-request', { what: 'kind' });
    return { kind, title: line.title.ru };
  }

  async function sheets(serviceId: string, kinds: readonly string[]): Promise<Uint8Array> {
    const checklist = register.getService(serviceId).documents;
    const separators = kinds.map(kind => separatorOf(kind, checklist));
    // With it comes a PDF library that a box need not hold in memory before.
    const { writeSeparators } = await import('./separator-sheets.ts');
    return await writeSeparators(separators, clock.now());
  }

  return {
    sheets,
    print: async (serviceId, kinds) => {
      await printer.print(await sheets(serviceId, kinds), { title: 'Разделители стопки' });
    },
    kinds: serviceId => [pileKind, ...register.getService(serviceId).documents.map(({ kind }) => kind)],
  };
}
