import { layout } from '../../protocol/package/layout.ts';
import { type Note, notes } from '../../protocol/signature/notes.ts';
import { type Reason, reasons } from '../../protocol/signature/reasons.ts';
import type { UnreadableFile } from './unreadable-file.ts';
import type { FileReport, SignatureLine } from './verify-report.ts';

type Language = 'ru' | 'en';

const words = {
  ru: {
    file: 'Файл',
    passed: 'ПОДПИСЬ ВЕРНА',
    failed: 'ПОДПИСЬ НЕВЕРНА',
    indeterminate: 'ПРОВЕРИТЬ ДО КОНЦА НЕЛЬЗЯ',
    document: 'Документ',
    container: 'Пакет целиком',
    signedBy: 'Подписал',
    certificate: 'Сертификат',
    issuedBy: 'выдан',
    valid: 'действует',
    signedAt: 'Время по часам подписавшего',
    uncovered: 'Файл без подписи',
    damage: 'Что не так с пакетом',
    missing: 'Не удалось прочитать файл',
    'not-a-certificate': 'В файле нет сертификата, который можно прочитать',
    missingContent: 'Если документ лежит в другом месте, укажите его: --content ФАЙЛ',
    'not-an-archive': 'Это не папка и не архив ZIP, который можно прочитать',
    provenSince: 'Доказано, что файл существовал уже',
    provenAt: 'Подпись существовала не позже (штамп времени)',
    counterSigner: 'Заверил подпись',
    applicant: 'Подписал заявитель',
    covers: 'Подписаны файлы',
    note: 'Замечание',
  },
  en: {
    file: 'File',
    passed: 'THE SIGNATURE IS VALID',
    failed: 'THE SIGNATURE IS NOT VALID',
    indeterminate: 'CANNOT BE JUDGED TO THE END',
    document: 'Document',
    container: 'The whole package',
    signedBy: 'Signed by',
    certificate: 'Certificate',
    issuedBy: 'issued by',
    valid: 'valid',
    signedAt: "Time by the signer's clock",
    uncovered: 'File without signature',
    damage: 'What is wrong with the package',
    missing: 'Could not read the file',
    'not-a-certificate': 'The file holds no certificate that can be read',
    missingContent: 'If the document lies elsewhere, name it: --content FILE',
    'not-an-archive': 'Neither a folder nor a ZIP archive that can be read',
    provenSince: 'The file is proved to have existed since',
    provenAt: 'The signature existed by (time stamp)',
    counterSigner: 'Counter-signed by',
    applicant: 'Signed by the applicant',
    covers: 'Signed files',
    note: 'Note',
  },
} as const;

/** The report in plain words, with a line feed at the end. */
export function reportText(report: FileReport, language: Language): string {
  const say = words[language];
  const lines = [`${say.file}: ${report.file}`, `${say[report.verdict]}${because(report.reasons, language)}`];
  if (report.provenSince) lines.push(`${say.provenSince}: ${timeText(report.provenSince, language)}`);
  if (report.detail) lines.push(`${say.damage}: ${report.detail}`);
  if (report.reasons.includes('SIGNED_DATA_NOT_FOUND') && report.kind === 'cms')
    lines.push(say.missingContent);
  for (const note of report.notes) lines.push(`${say.note}: ${note}`);
  for (const name of report.uncovered) lines.push(`${say.uncovered}: ${printable(name)}`);
  for (const signature of report.signatures) lines.push('', ...signatureText(signature, language));
  return `${lines.join('\n')}\n`;
}

export function unreadableText(error: UnreadableFile, language: Language): string {
  return `${words[language][error.problem]}: ${error.file}\n`;
}

function signatureText(line: SignatureLine, language: Language): string[] {
  const say = words[language];
  const title =
    line.document === layout.manifest ? say.container : `${say.document} ${printable(line.document)}`;
  const lines = [`${title}: ${say[line.verdict]}${because(line.reasons, language)}`];
  const { signer } = line;
  if (signer) {
    const who = [signer.commonName, signer.title, signer.organisation]
      .filter(part => part !== null)
      .join(', ');
    const span = `${timeText(signer.notBefore, language)} – ${timeText(signer.notAfter, language)}`;
    lines.push(
      `  ${roleText(line, language)}: ${printable(who)}`,
      `  ${say.certificate}: ${signer.serial}, ${say.issuedBy}: ${printable(signer.issuer)}`,
      `  ${say.valid}: ${span}`,
    );
  }
  if (line.signedAt)
    lines.push(`  ${say.signedAt}: ${timeText(line.signedAt, language)} (${line.algorithm})`);
  if (line.provenAt) lines.push(`  ${say.provenAt}: ${timeText(line.provenAt, language)}`);
  if (line.covers.length > 1) lines.push(`  ${say.covers}: ${line.covers.map(printable).join(', ')}`);
  for (const note of line.notes) lines.push(`  ${say.note}: ${notes[note as Note][language]} (${note})`);
  return lines;
}

function roleText({ role }: SignatureLine, language: Language): string {
  const say = words[language];
  if (role === 'counter-signer') return say.counterSigner;
  return role === 'applicant' ? say.applicant : say.signedBy;
}

function because(names: string[], language: Language): string {
  if (names.length === 0) return '';
  return `: ${names.map(name => `${reasons[name as Reason][language]} (${name})`).join('; ')}`;
}

/** Names come from strangers: a control character in one must not rewrite the screen. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '?');
}

function timeText(iso: string, language: Language): string {
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return `${format.format(new Date(iso))} UTC`;
}
