/** «22 ноября 2026 г.» in the branch's zone. */
export const longDate = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('ru-RU', { timeZone, dateStyle: 'long' }).format(at);

/** «22.11.2026» in the branch's zone. */
export const shortDate = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('ru-RU', { timeZone, dateStyle: 'short' })
    .format(at)
    .replace(/\.(\d\d)$/, (_, year: string) => `.20${year}`);

/** «22.11.2026, 13:31:05 (GMT+5)»: the zone is said, since the signer may sit in another of the eleven. */
export function dateAndTime(at: Date, timeZone: string): string {
  const time = new Intl.DateTimeFormat('ru-RU', { timeZone, timeStyle: 'medium' }).format(at);
  const zone = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'shortOffset' })
    .formatToParts(at)
    .find(part => part.type === 'timeZoneName')?.value;
  return `${shortDate(at, timeZone)}, ${time} (${(zone ?? timeZone).replace('GMT', 'UTC')})`;
}

function counted(count: number, one: string, few: string, many: string): string {
  const form = new Intl.PluralRules('ru').select(count);
  return `${count} ${form === 'one' ? one : form === 'few' ? few : many}`;
}

/** «3 листа» */
export const sheetsInWords = (count: number): string => counted(count, 'лист', 'листа', 'листов');

/** «3 страницы» */
export const pagesInWords = (count: number): string => counted(count, 'страница', 'страницы', 'страниц');

/** «3 рабочих дня» */
export const workingDaysInWords = (count: number): string =>
  counted(count, 'рабочий день', 'рабочих дня', 'рабочих дней');
