import { dateAndTime, shortDate } from '../../../platform/paper/dates.ts';
import { inGroups, issuerName, row, rule, section, width } from '../../../platform/paper/rows.ts';
import {
  addFooters,
  finished,
  ink,
  margins,
  newSheets,
  quiet,
  type Sheet,
} from '../../../platform/paper/sheet.ts';
import type { PackageReport } from '../../../protocol/package/asice.ts';
import { reasons } from '../../../protocol/signature/reasons.ts';
import type { SignatureVerdict } from '../../../protocol/signature/signature-verdict.ts';
import { indications, type Verdict } from '../../../protocol/signature/verdict.ts';
import type { ReadableJob, ShownDocument } from './readable-job.ts';

const verdicts: Record<Verdict, string> = {
  passed: 'Все подписи действительны, документы не изменены',
  indeterminate: 'Проверить подписи до конца нельзя',
  failed: 'Проверка не пройдена',
};
const kinds = { package: 'пакета документов заявителя', result: 'результата услуги' };

/** The copy's first sheets: what it is, what was verified and when, and where each document is shown. */
export async function coverSheets(
  job: ReadableJob,
  report: PackageReport,
  documents: readonly ShownDocument[],
  signaturesFrom: number,
): Promise<{ pdf: Uint8Array; pages: number }> {
  const keptAt = new Date(job.keptAt);
  const sheet = newSheets(`Читаемая копия, дело № ${job.caseNumber}`, keptAt, ownSheets);
  const pages = counted(sheet);
  heading(sheet, job);
  section(sheet, 'Что хранится');
  row(sheet, 'Дело', `№ ${job.caseNumber}`, { font: 'bold' });
  row(sheet, 'Услуга', job.service);
  row(sheet, 'Отделение', job.branch);
  row(sheet, 'Ведомство', job.agency);
  row(sheet, 'Принято в архив', dateAndTime(keptAt, job.timeZone));
  row(sheet, 'Контрольная сумма', inGroups(job.sha256), { font: 'mono', size: 8 });
  row(sheet, '', 'SHA-256 подписанного контейнера ASiC-E', { size: 8, colour: quiet });
  section(sheet, 'Проверка подписей');
  row(sheet, 'Итог', verdicts[report.verdict], { font: 'bold' });
  row(sheet, '', `${indications[report.verdict]} по ETSI EN 319 102-1`, { size: 8.5, colour: quiet });
  row(sheet, 'По состоянию на', dateAndTime(keptAt, job.timeZone));
  for (const reason of report.reasons) row(sheet, 'Причина', `${reasons[reason].ru} (${reason})`);
  if (report.detail) row(sheet, 'Что не так', report.detail);
  for (const name of report.uncovered) row(sheet, 'Файл без подписи', name);
  section(sheet, 'Содержание');
  for (const { title, name, pages, remark, sizeBytes } of documents) {
    sheet.y += 4;
    row(sheet, pages ? pageRange(pages) : 'не показан', title, { font: 'bold', size: 10 });
    const size = `${sizeBytes.toLocaleString('ru-RU')} байт`;
    row(sheet, '', name === title ? size : `${name}, ${size}`, { size: 8.5, colour: quiet });
    if (remark) row(sheet, '', remark, { size: 8.5, colour: quiet });
  }
  if (documents.length === 0) row(sheet, '', 'Документов, которые можно показать, в контейнере нет.');
  sheet.y += 4;
  row(sheet, `стр. ${signaturesFrom}`, 'Сведения об электронных подписях', { font: 'bold', size: 10 });
  addFooters(sheet, footerOf(job, 1));
  return { pdf: await finished(sheet), pages: pages() };
}

/** The last sheets: who signed what, with the data of the certificates. */
export async function signatureSheets(
  job: ReadableJob,
  report: PackageReport,
  documents: readonly ShownDocument[],
  signaturesFrom: number,
): Promise<{ pdf: Uint8Array; pages: number }> {
  const sheet = newSheets('Сведения об электронных подписях', new Date(job.keptAt), ownSheets);
  const pages = counted(sheet);
  sheet.font('bold').fontSize(13).fillColor(ink);
  sheet.text('Сведения об электронных подписях', margins.left, margins.top, { width: width(sheet) });
  for (const document of documents) signatureRows(sheet, job, document, document.signature);
  const whole = { title: 'Контейнер целиком', name: null, sha256: job.sha256 };
  signatureRows(sheet, job, whole, report.container);
  addFooters(sheet, footerOf(job, signaturesFrom));
  return { pdf: await finished(sheet), pages: pages() };
}

function heading(sheet: Sheet, { kind, region }: ReadableJob): void {
  const centred = { width: width(sheet), align: 'center' } as const;
  sheet.font('small').fontSize(9).fillColor(quiet).text(region, margins.left, margins.top, centred);
  rule(sheet, sheet.y + 6, 0.8);
  sheet.font('bold').fontSize(15).fillColor(ink);
  sheet.text('ЧИТАЕМАЯ КОПИЯ', margins.left, sheet.y + 16, { ...centred, characterSpacing: 0.6 });
  sheet.font('text').fontSize(11).text(kinds[kind], centred);
  sheet.font('text').fontSize(9.5).fillColor(quiet);
  sheet.text(
    'Сделана автоматически для чтения. Юридическую силу имеет подписанный электронный подлинник, который хранится в архиве без изменений.',
    margins.left,
    sheet.y + 8,
    { ...centred, lineGap: 1 },
  );
}

function signatureRows(
  sheet: Sheet,
  { timeZone }: ReadableJob,
  { title, name, sha256 }: { title: string; name: string | null; sha256: string | null },
  { verdict, reason, signer, algorithm, signedAt, provenAt }: SignatureVerdict,
): void {
  section(sheet, title, { neededPoints: 190, asWritten: true });
  if (name && name !== title) row(sheet, 'Файл', name, { size: 9 });
  if (sha256) row(sheet, 'SHA-256', inGroups(sha256), { font: 'mono', size: 8 });
  const said = reason ? `${reasons[reason].ru} (${reason})` : 'подпись действительна, содержимое не изменено';
  row(sheet, 'Проверка', said, { font: 'bold', size: 10 });
  row(sheet, '', indications[verdict], { size: 8, colour: quiet });
  if (signer) {
    row(sheet, 'Владелец', signer.commonName);
    if (signer.title) row(sheet, 'Должность', signer.title);
    if (signer.organisation) row(sheet, 'Организация', signer.organisation);
    row(sheet, 'Сертификат №', signer.serial, { font: 'mono', size: 9 });
    row(sheet, 'Кем выдан', issuerName(signer.issuer));
    const day = (text: string) => shortDate(new Date(text), timeZone);
    row(sheet, 'Срок действия', `с ${day(signer.notBefore)} по ${day(signer.notAfter)}`);
  }
  if (algorithm) row(sheet, 'Алгоритм', algorithm);
  if (signedAt) row(sheet, 'Дата подписания', dateAndTime(new Date(signedAt), timeZone));
  if (provenAt) row(sheet, 'Метка времени', dateAndTime(new Date(provenAt), timeZone));
}

const ownSheets = { subset: 'PDF/A-2b', isNumbered: true } as const;

/** The sheets of documents stay as they are; ours say where in the copy they lie, as the contents do. */
const footerOf =
  ({ caseNumber }: ReadableJob, from: number) =>
  (n: number) =>
    `Дело № ${caseNumber}, стр. ${from + n - 1}`;

/** Begins the first page and counts it and those after it. */
function counted(sheet: Sheet): () => number {
  let pages = 0;
  sheet.on('pageAdded', () => pages++);
  sheet.addPage();
  return () => pages;
}

const pageRange = ({ from, to }: { from: number; to: number }) =>
  from === to ? `стр. ${from}` : `стр. ${from}–${to}`;
