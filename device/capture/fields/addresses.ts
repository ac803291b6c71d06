import { isAddressPart, parseAddress, partsOf, printAddress } from './address-parts.ts';
import { withCyrillicTwins } from './cyrillic-twins.ts';
import type { Finding } from './finding.ts';

/** What an address begins with: an index, or a kind of place before or behind a name. */
const beginning =
  '(?:\\d{6}[,\\s]|(?:г|гор|с|п|пос|д|дер|ул|обл|респ|р-н)\\.?\\s?\\p{Lu}|(?:город|село|пос[её]лок|деревня|улица|республика)\\s\\p{Lu}|\\p{Lu}[\\p{Ll}-]+\\s(?:обл|край|респ|р-н|район))';
/** Words before an address, up to its first letter; a colon may be missing where «по адресу» or a form's label stands. */
const cue = new RegExp(
  `(?:(?:Адрес|адрес|Место жительства|АДРЕС|Местоположение|Место ?нахождения|Место регистрации)[^:\\n\\d]{0,50}:|Куда:|(?:[Пп]рожива(?:ющ|е)|[Зз]арегистрирован|находящ|расположен)\\p{L}{0,4}(?:\\s+по\\s+адресу\\s*:?|\\s*:)|[Пп]рописан\\p{L}{0,2}\\s*:|по\\s+(?:адресу|месту\\s+(?:жительства|пребывания)(?:\\s+по\\s+адресу)?)\\s*:?|(?:Адрес\\p{L}*(?: регистрации| проживания| места жительства)?|Место жительства)(?=\\s\\d{6}|\\s\\p{L}{1,3}\\.?\\s\\p{Lu})|(?:(?<!-)[Аа]дрес|Местоположение|Место ?нахождения)(?:\\s[\\p{Ll}\\s()]{3,40}?)?(?=\\s${beginning}))\\s*`,
  'gu',
);
/** «д. За» is a house 3а: a name would be longer. */
const threeOfHouse = /(?<=(?<!\p{L})(?:д|дом|кв|корп)\.? )[ЗзЭ](?=\p{Ll}?[,;]|\p{Ll}?$)/gmu;
const mostLines = 4;
const mostAddresses = 4;
const mostLetters = 300;

/** An address as far as its parts are of known kinds, over line ends too; in normal form when each comes once. */
export function findAddresses(printed: string): Finding[] {
  const text = withCyrillicTwins(printed).replace(threeOfHouse, '3');
  const seen = new Set<number>();
  return [...text.matchAll(cue)].slice(0, mostAddresses).flatMap(match => {
    const start = match.index + match[0].length;
    if (seen.has(start)) return [];
    seen.add(start);
    const found = addressAt(text.slice(start).split('\n', mostLines).join('\n').slice(0, mostLetters));
    if (found === undefined) return [];
    const end = start + found.length;
    const read = found.replace(/\s+/g, ' ').trim();
    const parts = parseAddress(read.replace(/[.;]$/, ''));
    const value = parts === undefined ? read : printAddress(parts);
    return [{ name: 'address', value, check: 'none', ...(value !== read && { read }), start, end } as const];
  });
}

/**
 * The pieces between commas that are parts of an address, and one of no known kind between such; of the last one
 * what stands before the line's end or a full stop.
 */
function addressAt(text: string): string | undefined {
  let end = 0;
  let count = 0;
  for (let from = 0; from < text.length; ) {
    const comma = text.indexOf(',', from);
    const piece = text.slice(from, comma === -1 ? text.length : comma);
    const next =
      text
        .slice(comma + 1)
        .split(/[,\n]/, 1)[0]
        ?.trim() ?? '';
    const isBetween = comma !== -1 && isPart(piece, next);
    const taken = isBetween ? piece : firstPart(piece);
    if (taken === undefined) break;
    end = from + taken.length;
    count += partsOf(plain(taken)).length;
    if (!isBetween) break;
    from = comma + 1;
  }
  return count < 2 ? undefined : text.slice(0, end);
}

/** Whether a piece before a comma belongs to the address that `next` may go on. */
function isPart(piece: string, next: string): boolean {
  if (isAddressPart(plain(piece)))
    return !piece.trim().includes('\n') || isAddressPart(next) || isComplete(piece);
  return /^[\p{L} .-]{3,40}$/u.test(piece) && isAddressPart(next);
}

const plain = (piece: string) => piece.replace(/\s+/g, ' ').trim().replace(/[.;]$/, '');

/** A piece that goes on behind a line end with what may stand there: «корп.\n3», «ул.\nСтепная». */
const isComplete = (piece: string) => /\.\s*\n\s*\S+$|\n\s*\p{L}{1,6}\.?\s*\d\S*$/u.test(piece.trimEnd());

/** A number that the line's end parted from its word: «офис\n10». */
const brokenNumber =
  /^\s*(?:д|дом|корп|корпус|стр|кв|квартира|оф|офис|ком|комн|пом)\.?\s*\n\s*\d{1,4}\p{L}?(?=[\s.,;)]|$)/iu;

/** The longest beginning that is a part: up to the line's end, or a number and nothing behind it. */
function firstPart(piece: string): string | undefined {
  const broken = brokenNumber.exec(piece)?.[0];
  if (broken !== undefined) return broken;
  const lead = /^\s*/.exec(piece)?.[0] ?? '';
  const body = piece.slice(lead.length);
  const ends = [...body.matchAll(/\s+|$/g)].map(({ index }) => index).toReversed();
  const lineEnd = body.includes('\n') ? body.indexOf('\n') : body.length;
  const end = ends.find(at => {
    const words = plain(body.slice(0, at));
    if (words === '' || !isAddressPart(words)) return false;
    return (
      at <= lineEnd && (at === lineEnd || /\d\p{L}?$/u.test(words) || /^[.;)]/u.test(body.slice(at - 1)))
    );
  });
  return end === undefined ? undefined : lead + body.slice(0, end);
}
