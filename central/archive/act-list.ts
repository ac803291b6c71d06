import type { ActView } from '../../protocol/api/archive.ts';

/**
 * An act as XML: what was destroyed or handed over, each with its digest, and who decided it (LED-4.1, LED-4.2).
 * The state archive has no published format for this; names follow the fields of a paper list.
 */
export function actAsXml(act: ActView, region: string): string {
  const decision = act.decided
    ? element('decided', {
        by: act.decided.name,
        login: act.decided.login,
        at: act.decided.at,
        reason: act.decided.reason,
      })
    : '';
  const entries = act.list.map(entry =>
    element('entry', {
      case: entry.caseNumber,
      caseId: entry.caseId,
      branch: entry.box,
      service: entry.serviceTitle.ru,
      kind: entry.kind,
      sha256: entry.sha256,
      sizeBytes: String(entry.sizeBytes),
      handedOutAt: entry.handedOutAt,
      retention: entry.retention,
      keepUntil: entry.keepUntil,
      outcome: entry.outcome,
    }),
  );
  const { number, kind, state, reason, prepared, doneAt } = act;
  const about = { region, number: String(number), kind, state, reason, doneAt };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<act xmlns="urn:okno:archive-act:1"${attributes(about)}>`,
    `  ${element('prepared', { by: prepared.name, login: prepared.login, at: prepared.at })}`,
    ...(decision ? [`  ${decision}`] : []),
    `  <entries count="${entries.length}">`,
    ...entries.map(entry => `    ${entry}`),
    '  </entries>',
    '</act>',
    '',
  ].join('\n');
}

type Attributes = Record<string, string | null>;

const element = (name: string, values: Attributes) => `<${name}${attributes(values)}/>`;

const attributes = (values: Attributes) =>
  Object.entries(values)
    .map(([name, value]) => (value === null ? '' : ` ${name}="${escaped(value)}"`))
    .join('');

/** Control characters are none of XML 1.0, and nobody needs them in a reason. */
const escaped = (text: string) =>
  text
    .replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, ' ')
    .replace(/[&<>"]/g, character => `&#${character.codePointAt(0)};`);
