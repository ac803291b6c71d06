import { parseAddress, printAddress } from './address-parts.ts';
import type { Finding } from './finding.ts';

const cue =
  /(?:Адрес|адрес|Место жительства|проживающ\p{L}{2,3} по адресу|зарегистрирован\p{L}{0,3} по адресу)[^:\n\d]{0,50}:\s*/gu;

/** An address goes on over line ends until a line that begins something else; its normal form when every part is known. */
export function findAddresses(text: string): Finding[] {
  return [...text.matchAll(cue)].slice(0, 3).flatMap(match => {
    const start = match.index + match[0].length;
    const lines = text.slice(start).split('\n').slice(0, 3);
    const next = lines.findIndex((line, at) => at > 0 && !continues(lines[at - 1] ?? '', line));
    const found = lines.slice(0, next === -1 ? undefined : next).join('\n');
    if (found.length < 10) return [];
    const end = start + found.length;
    const read = found.replace(/\s+/g, ' ').trim().slice(0, 300);
    const parts = parseAddress(read.replace(/[.;]$/, ''));
    const value = parts === undefined ? read : printAddress(parts);
    return [{ name: 'address', value, check: 'none', ...(value !== read && { read }), start, end } as const];
  });
}

function continues(line: string, next: string): boolean {
  return /[,-]$/.test(line.trim()) || /^(?:д|дом|кв|ул|корп|стр|г)\.? /iu.test(next.trim());
}
