/** What one make of printer is built like. */
export interface Make {
  /** Dots that the head reaches. */
  widthDots: number;
  dotsPerInch: number;
  /** `ESC t n`: code pages by number, as iconv-lite calls them. */
  codePages: Record<number, string>;
  /** Chinese makes wake up in Kanji mode, where Cyrillic is swallowed in pairs. */
  wakesInKanji: boolean;
  /** Holds tickets out until somebody takes them (`GS e`), and knows `DLE EOT 20`: Custom. */
  presenter: boolean;
}

/** 80 mm paper at 203 dpi; as awkward as a printer may be. */
export const strict80mm: Make = {
  widthDots: 576,
  dotsPerInch: 203,
  codePages: { 0: 'cp437', 17: 'cp866' },
  wakesInKanji: true,
  presenter: false,
};

/** A kiosk printer of Custom. */
export const customKiosk: Make = {
  widthDots: 608,
  dotsPerInch: 204,
  codePages: { 0: 'cp437', 17: 'cp866' },
  wakesInKanji: false,
  presenter: true,
};
