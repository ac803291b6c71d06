import type { Grey } from '../steps/grey.ts';

/** What every engine reads with. Russian alone misreads each Latin letter (CER 1.9 → 6 % measured). */
export const languages = 'rus+eng';
/** What lines for machines are read with: beside Russian their letters are taken for Russian ones (ADR 65). */
export const latin = 'eng';
export type Languages = typeof languages | typeof latin;

/**
 * The same for every engine. White print on black is not looked for. Segmentation 3 finds columns and
 * tables itself (4 and 6 break them: CER 13–24 %). Dictionaries stay: without them nothing changes; the one
 * of words seen on the page, and a second look for tables, cost 4 % for the same text.
 */
export const parameters = {
  tessedit_pageseg_mode: '3',
  tessedit_do_invert: '0',
  tessedit_enable_doc_dict: '0',
  textord_tabfind_find_tables: '0',
} as const;

/** What the library is told as it starts: with the main dictionaries off it starts faster and reads the same. */
export const nativeParameters = { ...parameters, load_system_dawg: '0', load_freq_dawg: '0' } as const;
export type NativeParameters = Readonly<Record<string, string>>;

/** White paper, with which a native engine proves at its start that it can read. */
export const emptyPicture: Grey = { data: new Uint8Array(64 * 64).fill(255), width: 64, height: 64 };

/** One worker of an engine. Reads one picture at a time; rejects when it cannot, and is then of no more use. */
export interface Reader {
  /**
   * @param dpi without the true resolution the engine guesses and misreads (CER 1.7 → 4.3 % measured)
   * @returns tesseract's table of words, separated by tabs
   */
  read(grey: Grey, dpi: number): Promise<string>;
  /** Ends it, also in the middle of a page: a reading under way then need not settle. */
  stop(): Promise<void>;
}

/** Binary PGM: the one format that the engine takes without decoding. In memory of its own, which may be given away. */
export function portableGreymap({ data, width, height }: Grey): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(`P5\n${width} ${height}\n255\n`);
  const file = new Uint8Array(head.length + data.length);
  file.set(head);
  file.set(data, head.length);
  return file;
}
