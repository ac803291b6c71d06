/** An address in its parts; each as it is printed in the normal form, `ул. Тестовая`. */
export interface AddressParts {
  index?: string;
  region?: string;
  district?: string;
  city?: string;
  /** Of villages that have one soviet. */
  soviet?: string;
  settlement?: string;
  quarter?: string;
  street?: string;
  house?: string;
  building?: string;
  structure?: string;
  flat?: string;
}

type PartName = Exclude<keyof AddressParts, 'index'>;

interface PartKind {
  part: PartName;
  /** Short word of the normal form, as the state address register (ГАР) abbreviates it. */
  short: string;
  /** All ways to write it, without the full stop. */
  words: string;
  /** Where the short word stands; both are read. */
  place: 'before' | 'after';
  /** What may follow: a house has a number, a village a name. */
  value?: RegExp;
}

const number = /^\d[\p{L}\d/-]*$/u;
const numberOrLetter = /^(?:\d[\p{L}\d/-]*|\p{L})$/u;
const kind = (
  part: PartName,
  short: string,
  words: string,
  more: { place?: 'before' | 'after'; value?: RegExp } = {},
): PartKind => ({ part, short, words, place: 'before', ...more });

/** In the order of the normal form. `пр.` may be an avenue or a passage and stays what it is. */
const kinds: readonly PartKind[] = [
  kind('region', 'обл.', 'область|обл', { place: 'after' }),
  kind('region', 'край', 'край', { place: 'after' }),
  kind('region', 'респ.', 'республика|респ'),
  kind('region', 'АО', 'автономный округ|ао', { place: 'after' }),
  kind('district', 'р-н', 'район|р-он|р-н', { place: 'after' }),
  kind('city', 'г.', 'город|гор|г'),
  kind('soviet', 'с/с', 'сельсовет|с/с|сельское поселение|с/п'),
  kind('settlement', 'пгт', 'пгт|поселок городского типа|посёлок городского типа'),
  kind('settlement', 'рп', 'рп|р\\.п|рабочий поселок|рабочий посёлок'),
  kind('settlement', 'п.', 'поселок|посёлок|пос|п'),
  kind('settlement', 'с.', 'село|с'),
  kind('settlement', 'ст-ца', 'станица|ст-ца'),
  kind('settlement', 'х.', 'хутор|х'),
  kind('house', 'д.', 'дом|д', { value: number }),
  kind('settlement', 'д.', 'деревня|дер|д', { value: /^(?:\p{L}|\d+-)/u }),
  kind('street', 'ул.', 'улица|ул'),
  kind('street', 'пр-кт', 'проспект|просп|пр-кт|пр-т'),
  kind('street', 'пр-д', 'проезд|пр-д'),
  kind('street', 'пр.', 'пр'),
  kind('street', 'пер.', 'переулок|пер'),
  kind('street', 'наб.', 'набережная|наб'),
  kind('street', 'б-р', 'бульвар|б-р|бул'),
  kind('street', 'ш.', 'шоссе|ш'),
  kind('street', 'пл.', 'площадь|пл'),
  kind('street', 'туп.', 'тупик|туп'),
  kind('street', 'аллея', 'аллея|ал'),
  kind('street', 'линия', 'линия', { place: 'after' }),
  kind('street', 'тракт', 'тракт', { place: 'after' }),
  kind('quarter', 'мкр.', 'микрорайон|мкр|мкрн|м-н|м-он'),
  kind('quarter', 'кв-л', 'квартал|кв-л'),
  kind('quarter', 'тер.', 'территория|тер'),
  kind('quarter', 'СНТ', 'снт|днт|дск'),
  kind('house', 'уч.', 'участок|уч', { value: number }),
  kind('house', 'вл.', 'владение|вл', { value: number }),
  // «кори» is how the engine reads «корп».
  kind('building', 'корп.', 'корпус|корп|кори|к', { value: numberOrLetter }),
  kind('structure', 'стр.', 'строение|стр', { value: numberOrLetter }),
  kind('structure', 'лит.', 'литера|литер|лит', { value: numberOrLetter }),
  kind('flat', 'кв.', 'квартира|кв', { value: number }),
  kind('flat', 'ком.', 'комната|комн|ком', { value: number }),
  kind('flat', 'пом.', 'помещение|пом', { value: number }),
  kind('flat', 'оф.', 'офис|оф', { value: number }),
  kind('flat', 'каб.', 'кабинет|каб', { value: number }),
];

const order: readonly (keyof AddressParts)[] = [
  ...(['index', 'region', 'district', 'city', 'soviet', 'settlement'] as const),
  ...(['quarter', 'street', 'house', 'building', 'structure', 'flat'] as const),
];

const matchers = kinds.map(each => ({
  ...each,
  front: new RegExp(`^(?:${each.words})(?:\\.\\s*|\\s+)(?<value>.+)$`, 'iu'),
  back: new RegExp(`^(?<value>.+?)\\s+(?:${each.words})\\.?$`, 'iu'),
}));

/** Parts that follow without a comma: «г. Пробный ул. Тестовая д. 1 кв. 2». */
const joined =
  /(?<=[\p{L}\d])\s+(?=(?:дом|д|корпус|корп|к|строение|стр|квартира|кв|комн|ком|пом|офис|оф)\.?\s*\d|(?:ул|пер|просп|пр-кт|пр-т|б-р|наб)\.\s*\p{L})/giu;

/** The parts of a piece between commas. */
export const partsOf = (piece: string): string[] => piece.split(joined);

/** The parts of an address, or undefined when one of them is of no known kind or comes twice. */
export function parseAddress(text: string): AddressParts | undefined {
  const parts: AddressParts = {};
  const pieces = text.replace(/\s+/g, ' ').replace(joined, ', ').split(',');
  for (const piece of pieces.map(each => each.trim())) {
    if (piece === '' || country.test(piece)) continue;
    const isHouse = bareHouse.test(piece) && (parts.street ?? parts.quarter) !== undefined;
    const read = isHouse ? { part: 'house' as const, value: `д. ${piece}` } : readPart(piece);
    if (read === undefined || parts[read.part] !== undefined) return undefined;
    parts[read.part] = read.value;
  }
  return Object.keys(parts).length < 2 ? undefined : parts;
}

const country = /^(?:РФ|Россия|Российская Федерация)$/iu;

/** Whether a piece between commas is a part of an address, a bare number of a house too. */
export function isAddressPart(piece: string): boolean {
  return (
    country.test(piece) ||
    bareHouse.test(piece) ||
    piece.split(joined).every(one => readPart(one) !== undefined)
  );
}

/** «ул. Тестовая, 5» */
const bareHouse = /^\d{1,4}\p{L}?(?:\/\d{1,3}\p{L}?)?$/u;

function readPart(piece: string): { part: keyof AddressParts; value: string } | undefined {
  if (/^\d{6}$/.test(piece)) return { part: 'index', value: piece };
  for (const { part, short, place, value: allowed, front, back } of matchers) {
    const value = (front.exec(piece) ?? back.exec(piece))?.groups?.value?.trim();
    if (value === undefined || (allowed && !allowed.test(value))) continue;
    return { part, value: place === 'before' ? `${short} ${value}` : `${value} ${short}` };
  }
  return undefined;
}

/** `344000, Пробная обл., г. Образцовск, ул. Тестовая, д. 1, кв. 2` */
export function printAddress(parts: AddressParts): string {
  return order.flatMap(part => parts[part] ?? []).join(', ');
}
