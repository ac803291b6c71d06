import { readName } from '../names/full-name.ts';
import { isGivenName } from '../names/given-names.ts';

/** Expressions for the words of a person's name. */

const half = '[А-ЯЁ](?:[а-яё]+|[А-ЯЁ]+)';
export const name = `${half}(?:-${half})?(?![А-Яа-яЁё])`;
const ofFather =
  '[А-ЯЁ][А-Яа-яЁё]*(?:ич(?:а|у|ем|е)?|(?:вн|ичн)(?:а|ы|е|у|ой|ою)|ИЧ(?:А|У|ЕМ|Е)?|(?:ВН|ИЧН)(?:А|Ы|Е|У|ОЙ|ОЮ))(?![А-Яа-яЁё])';
const suffix = '(?:оглы|кызы|огли|кизи|ОГЛЫ|КЫЗЫ|ОГЛИ|КИЗИ)(?![А-Яа-яЁё])';
/** «Петровна», or «Фарид кызы». */
export const patronymic = `(?:${ofFather}|${name}\\s+${suffix})`;
export const endsAsPatronymic = new RegExp(`^(?:${patronymic})$`, 'u');

/** Words of letterheads and labels that look like names. */
export const heading =
  /МИНИСТЕРСТВ|УПРАВЛЕНИ|ОТДЕЛЕНИ|ФОНД|СЛУЖБ|РОССИЙСК|ФЕДЕРАЦИ|СВИДЕТЕЛЬСТВ|СПРАВК|ДОГОВОР|ЗАЯВЛЕНИ|ГОРОД|ОБЛАСТ|(?<!\p{L})ОТДЕЛ|ВНУТРЕНН|(?<!\p{L})(?:ИМЯ|ФАМИЛ\p{L}*|ОТЧЕС\p{L}*|ДАТА|МЕСТО|АДРЕС|ПОЛ|РОДСТВ\p{L}*|СТЕПЕНЬ|ГРАЖДАНСТВ\p{L}*|ДОКУМЕНТ\p{L}*|СЕРИЯ|НОМЕР|ПАСПОРТ\p{L}*|СНИЛС|ИНН|ПОДПИСЬ|ТЕЛЕФОН)(?!\p{L})/iu;

/** Whether the second word is a given name that people bear, in any case. */
export function hasKnownGiven(found: string): boolean {
  return readName(found).some(({ given, gender }) =>
    given.split('-').every(part => isGivenName(part, gender)),
  );
}

/** «Примеров Тест», each word with its capital; «оглы» and «кызы» without. */
export function capitalised(found: string): string {
  return found
    .replace(/\s+/g, ' ')
    .replace(/\p{L}+/gu, word =>
      /^(?:оглы|кызы|огли|кизи)$/iu.test(word)
        ? word.toLowerCase()
        : word.slice(0, 1) + word.slice(1).toLowerCase(),
    );
}
