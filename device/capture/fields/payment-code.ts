import { checkAccount } from './bank.ts';
import type { Built } from './finding.ts';
import { checkInn } from './inn.ts';
import { checkUin } from './uin.ts';

/**
 * Fields of a barcode on a payment form: the code of ГОСТ Р 56042-2014 (`ST00012|Name=…|PersonalAcc=…`, the
 * sign behind the mark parts the members, `Sum` is in kopecks), or a bare УИН. Who pays is left alone: often
 * it is not the applicant. Empty for any other barcode.
 */
export function readPaymentCode(text: string): Built[] {
  if (/^(\d{20}|\d{25})$/.test(text))
    return checkUin(text) === 'passed' ? [{ name: 'uin', value: text, check: 'passed' }] : [];
  const [, parting, rest = ''] = /^ST0001[123](.)(.+)$/u.exec(text) ?? [];
  if (parting === undefined) return [];
  const members = new Map(
    rest.split(parting).map(member => {
      const [name = '', ...value] = member.split('=');
      return [name.trim().toLowerCase(), value.join('=').trim()];
    }),
  );
  const digits = (name: string, shape: RegExp) => {
    const value = members.get(name) ?? '';
    return shape.test(value) ? value : undefined;
  };
  const uin = digits('uin', /^(\d{20}|\d{25})$/);
  const inn = digits('payeeinn', /^(\d{10}|\d{12})$/);
  const bik = digits('bic', /^\d{9}$/);
  const account = digits('personalacc', /^\d{20}$/);
  const kopecks = digits('sum', /^\d{1,12}$/);
  return [
    uin && { name: 'uin' as const, value: uin, check: checkUin(uin) },
    inn && { name: 'inn' as const, value: inn, check: checkInn(inn) },
    bik && { name: 'bik' as const, value: bik, check: 'none' as const },
    account && { name: 'account' as const, value: account, check: checkAccount(account, bik) },
    kopecks && { name: 'amount' as const, value: roubles(kopecks), check: 'none' as const },
  ].filter(field => field !== undefined && field !== '');
}

function roubles(kopecks: string): string {
  const padded = kopecks.padStart(3, '0');
  return `${Number(padded.slice(0, -2))}.${padded.slice(-2)}`;
}
