/** A part of a machine-readable zone: which line, from where (0 is the first sign) up to where. */
export interface Place {
  line: number;
  from: number;
  to: number;
}

export type CheckedName = 'number' | 'birth' | 'expiry' | 'personal';

/** A part with a check digit behind it. Dates and numbers of Russian passports hold digits only. */
export interface CheckedPart extends Place {
  name: CheckedName;
  digitsOnly: boolean;
}

/** Where things stand in a zone (ICAO Doc 9303 parts 4 to 7). */
export interface MrzFormat {
  id: 'pnrus' | 'td3' | 'mrv-a' | 'td2' | 'mrv-b' | 'td1';
  lines: number;
  length: number;
  /** What the first line begins with; of a state the engine may take O for 0. */
  begins: RegExp;
  name: Place;
  nationality: Place;
  checked: readonly CheckedPart[];
  /** The last check digit over several parts, where the format has one. */
  composite?: { at: Place; over: readonly Place[] };
}

const place = (line: number, from: number, to: number): Place => ({ line, from, to });
const part = (name: CheckedName, at: Place, digitsOnly = true): CheckedPart => ({ name, digitsOnly, ...at });

/** The second line is the same in all formats of two lines, up to the optional data. */
const twoLines = (length: number, numberIsDigits: boolean) => ({
  lines: 2,
  length,
  name: place(0, 5, length),
  nationality: place(1, 10, 13),
  checked: [
    part('number', place(1, 0, 9), numberIsDigits),
    part('birth', place(1, 13, 19)),
    part('expiry', place(1, 21, 27)),
  ],
});
const compositeOf = (length: number) => ({
  at: place(1, length - 1, length),
  over: [place(1, 0, 10), place(1, 13, 20), place(1, 21, length - 1)],
});

const internal = twoLines(44, true);
const book = twoLines(44, false);
const card = twoLines(36, false);

/** The most particular first. */
export const mrzFormats: readonly MrzFormat[] = [
  {
    ...internal,
    id: 'pnrus',
    begins: /^PNRUS/,
    checked: [...internal.checked, part('personal', place(1, 28, 42))],
    composite: compositeOf(44),
  },
  {
    ...book,
    id: 'td3',
    begins: /^P(?!NRUS)[A-Z0<]{4}/,
    checked: [...book.checked, part('personal', place(1, 28, 42), false)],
    composite: compositeOf(44),
  },
  { ...book, id: 'mrv-a', begins: /^V[A-Z0<]{4}/ },
  { ...card, id: 'mrv-b', begins: /^V[A-Z0<]{4}/ },
  { ...card, id: 'td2', begins: /^[ACI][A-Z0<]{4}/, composite: compositeOf(36) },
  {
    id: 'td1',
    lines: 3,
    length: 30,
    begins: /^[ACI][A-Z0<]{4}/,
    name: place(2, 0, 30),
    nationality: place(1, 15, 18),
    checked: [
      part('number', place(0, 5, 14), false),
      part('birth', place(1, 0, 6)),
      part('expiry', place(1, 8, 14)),
    ],
    composite: {
      at: place(1, 29, 30),
      over: [place(0, 5, 30), place(1, 0, 7), place(1, 8, 15), place(1, 18, 29)],
    },
  },
];
