/*
 * The Internet Printing Protocol's messages as values: RFC 8010 (encoding), RFC 8011 (model). Only what
 * printing a PDF needs; everything else still decodes, as raw bytes.
 */

/** Delimiter tags, RFC 8010 section 3.5.1. */
export const groupTag = { operation: 0x01, job: 0x02, printer: 0x04, unsupported: 0x05 } as const;
export const endOfAttributes = 0x03;

/** Value tags, RFC 8010 section 3.5.2. */
export const valueTag = {
  integer: 0x21,
  boolean: 0x22,
  enum: 0x23,
  collection: 0x34,
  endCollection: 0x37,
  text: 0x41,
  name: 0x42,
  keyword: 0x44,
  uri: 0x45,
  uriScheme: 0x46,
  charset: 0x47,
  naturalLanguage: 0x48,
  mimeMediaType: 0x49,
  memberName: 0x4a,
} as const;

/** RFC 8011 section 5.4.15. */
export const operation = {
  printJob: 0x0002,
  validateJob: 0x0004,
  cancelJob: 0x0008,
  getJobAttributes: 0x0009,
  getJobs: 0x000a,
  getPrinterAttributes: 0x000b,
} as const;

/** RFC 8011 sections 5.3.7 and 5.4.11. */
export const jobState = {
  pending: 3,
  held: 4,
  processing: 5,
  stopped: 6,
  canceled: 7,
  aborted: 8,
  completed: 9,
} as const;
export const printerState = { idle: 3, processing: 4, stopped: 5 } as const;

/** RFC 8011 appendix B; below 0x0100 is success. */
export const status = {
  ok: 0x0000,
  badRequest: 0x0400,
  notPossible: 0x0404,
  notFound: 0x0406,
  formatNotSupported: 0x040a,
  charsetNotSupported: 0x040d,
  documentFormatError: 0x0411,
  operationNotSupported: 0x0501,
  versionNotSupported: 0x0503,
  notAcceptingJobs: 0x0506,
} as const;

/** One value. Out-of-band ones (`unknown`, `no-value`, `unsupported`) are null; kinds not named above are bytes. */
export interface IppValue {
  tag: number;
  value: number | boolean | string | null | Uint8Array | IppAttribute[];
}

export interface IppAttribute {
  name: string;
  values: IppValue[];
}

export interface IppGroup {
  tag: number;
  attributes: IppAttribute[];
}

export interface IppMessage {
  version: { major: number; minor: number };
  /** Operation of a request, status of a response. */
  code: number;
  requestId: number;
  groups: IppGroup[];
  /** What follows the attributes: the document of a Print-Job. */
  data: Uint8Array;
}

/** An attribute with values of one kind: `attribute('copies', 'integer', 1)`. */
export function attribute(
  name: string,
  tag: keyof typeof valueTag,
  ...values: (number | boolean | string)[]
): IppAttribute {
  return { name, values: values.map(value => ({ tag: valueTag[tag], value })) };
}

/** First group of the kind, or undefined. */
export const findGroup = (message: IppMessage, kind: keyof typeof groupTag): IppGroup | undefined =>
  message.groups.find(group => group.tag === groupTag[kind]);

const valuesOf = (group: IppGroup | undefined, name: string) =>
  group?.attributes.find(attribute => attribute.name === name)?.values ?? [];

export const stringsOf = (group: IppGroup | undefined, name: string): string[] =>
  valuesOf(group, name).flatMap(({ value }) => (typeof value === 'string' ? [value] : []));

export const findNumber = (group: IppGroup | undefined, name: string): number | undefined =>
  valuesOf(group, name).flatMap(({ value }) => (typeof value === 'number' ? [value] : []))[0];

export const findBoolean = (group: IppGroup | undefined, name: string): boolean | undefined =>
  valuesOf(group, name).flatMap(({ value }) => (typeof value === 'boolean' ? [value] : []))[0];
