import type { Text } from './values.ts';

/** What fields of documents are called, in the order in which a clerk looks through them. */
export const fieldTitles = {
  'full-name': { ru: 'Фамилия, имя, отчество', en: 'Full name' },
  'latin-name': { ru: 'Имя латиницей', en: 'Name in Latin letters' },
  'birth-date': { ru: 'Дата рождения', en: 'Date of birth' },
  passport: { ru: 'Паспорт: серия и номер', en: 'Passport number' },
  'travel-document': { ru: 'Номер документа', en: 'Document number' },
  citizenship: { ru: 'Гражданство', en: 'Citizenship' },
  'issue-date': { ru: 'Дата выдачи', en: 'Date of issue' },
  'valid-until': { ru: 'Действует до', en: 'Valid until' },
  'department-code': { ru: 'Код подразделения', en: 'Department code' },
  snils: { ru: 'СНИЛС', en: 'SNILS' },
  inn: { ru: 'ИНН', en: 'INN' },
  ogrn: { ru: 'ОГРН', en: 'OGRN' },
  bik: { ru: 'БИК', en: 'BIK' },
  account: { ru: 'Счёт', en: 'Account' },
  phone: { ru: 'Телефон', en: 'Telephone' },
  address: { ru: 'Адрес', en: 'Address' },
  cadastral: { ru: 'Кадастровый номер', en: 'Cadastral number' },
  date: { ru: 'Дата', en: 'Date' },
  number: { ru: 'Номер документа', en: 'Document number' },
  uin: { ru: 'УИН платежа', en: 'Payment identifier (UIN)' },
  amount: { ru: 'Сумма', en: 'Amount' },
} as const satisfies Record<string, Text>;

export type FieldName = keyof typeof fieldTitles;
export const fieldNames = Object.keys(fieldTitles) as FieldName[];

export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(fieldTitles, name);
}
