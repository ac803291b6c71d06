import { type Finding, findAll } from './finding.ts';

/**
 * Cadastral numbers `61:00:0000000:123`: district, area, quarter, object. They carry no check digit; a
 * district or object of nought exists nowhere and is marked.
 */
export function findCadastralNumbers(text: string): Finding[] {
  const expression = /(?<![\d:])(\d{2}) ?: ?(\d{2}) ?: ?(\d{6,7}) ?: ?(\d{1,8})(?![\d:])/g;
  return findAll(text, expression, ([, district = '', area = '', quarter = '', object = '']) => ({
    name: 'cadastral',
    value: [district, area, quarter, object].join(':'),
    check: Number(district) === 0 || Number(object) === 0 ? 'failed' : 'none',
  }));
}
