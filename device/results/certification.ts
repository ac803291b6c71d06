import { dateAndTime, longDate, sheetsInWords, shortDate } from '../../platform/paper/dates.ts';
import { inGroups, issuerName, keepTogether, row, rule, section, width } from '../../platform/paper/rows.ts';
import {
  finished,
  ink,
  margins,
  millimetre,
  newSheets,
  quiet,
  type Sheet,
} from '../../platform/paper/sheet.ts';
import type { SignatureVerdict, Signer } from '../../protocol/signature/signature-verdict.ts';
import { drawQr } from './qr.ts';

/** What the certification of a paper copy says. Times are shown in `timeZone`. */
export interface Certification {
  /** «Решение о предоставлении услуги», or the file names when nobody gave a title. */
  title: string;
  documents: {
    name: string;
    /** First and last sheet in the copy. */
    sheets: { from: number; to: number };
    signature: SignatureVerdict & { signer: Signer };
  }[];
  containerSha256: string;
  branch: { name: string; address: string };
  clerk: { name: string; post: string };
  caseNumber: string;
  copyNumber: number;
  madeAt: Date;
  timeZone: string;
  checkUrl: string;
  /** Sheets of the whole copy, the certification included. */
  total: number;
}

/** The certification sheet or sheets (decree 250 of 18.03.2015, LED-3.18). */
export async function writeCertification(copy: Certification): Promise<{ pdf: Uint8Array; pages: number }> {
  const sheet = newSheets(`Копия электронного документа № ${copy.copyNumber}`, copy.madeAt);
  let pages = 0;
  sheet.on('pageAdded', () => pages++);
  sheet.addPage();
  heading(sheet, copy);
  section(sheet, 'Электронный документ');
  row(sheet, 'Документ', copy.title);
  row(sheet, 'Дело', `№ ${copy.caseNumber}`);
  for (const { name, sheets } of copy.documents) row(sheet, 'Файл', `${name}, ${sheetRange(sheets)}`);
  row(sheet, 'Контрольная сумма', inGroups(copy.containerSha256), { font: 'mono', size: 8 });
  row(sheet, '', 'SHA-256 контейнера, полученного от ведомства', { size: 8, colour: quiet });
  for (const document of copy.documents) signatureSection(sheet, document, copy);
  attestation(sheet, copy);
  return { pdf: await finished(sheet), pages };
}

function heading(sheet: Sheet, { branch, copyNumber, madeAt, timeZone }: Certification): void {
  const centred = { width: width(sheet), align: 'center' } as const;
  sheet.font('bold').fontSize(12).fillColor(ink).text(branch.name, margins.left, margins.top, centred);
  sheet
    .font('small')
    .fontSize(8.5)
    .fillColor(quiet)
    .text(branch.address, margins.left, sheet.y + 2, centred);
  rule(sheet, sheet.y + 7, 1.2);
  rule(sheet, sheet.y + 2.4, 0.4);
  sheet.font('bold').fontSize(15).fillColor(ink);
  sheet.text('КОПИЯ ЭЛЕКТРОННОГО ДОКУМЕНТА', margins.left, sheet.y + 24, {
    ...centred,
    characterSpacing: 0.6,
  });
  sheet.text('НА БУМАЖНОМ НОСИТЕЛЕ', { ...centred, characterSpacing: 0.6 });
  sheet.font('text').fontSize(10.5);
  sheet.text(
    `Экземпляр № ${copyNumber} от ${longDate(madeAt, timeZone)}`,
    margins.left,
    sheet.y + 4,
    centred,
  );
  sheet
    .fontSize(10)
    .text(
      'Составлена многофункциональным центром по требованиям, утверждённым постановлением Правительства Российской Федерации от 18 марта 2015 г. № 250, и подтверждает содержание электронного документа, подписанного электронной подписью.',
      margins.left,
      sheet.y + 10,
      { width: width(sheet), lineGap: 1.5 },
    );
}

function signatureSection(
  sheet: Sheet,
  { name, signature }: Certification['documents'][number],
  copy: Certification,
): void {
  const { signer } = signature;
  section(sheet, 'Сведения об электронной подписи', { neededPoints: 182 });
  if (copy.documents.length > 1) row(sheet, 'Файл', name);
  row(sheet, 'Владелец', signer.commonName, { font: 'bold' });
  if (signer.title) row(sheet, 'Должность', signer.title);
  if (signer.organisation) row(sheet, 'Организация', signer.organisation);
  row(sheet, 'Сертификат №', signer.serial, { font: 'mono', size: 9 });
  row(sheet, 'Кем выдан', issuerName(signer.issuer));
  const day = (text: string) => shortDate(new Date(text), copy.timeZone);
  row(sheet, 'Срок действия', `с ${day(signer.notBefore)} по ${day(signer.notAfter)}`);
  if (signature.signedAt)
    row(sheet, 'Дата подписания', dateAndTime(new Date(signature.signedAt), copy.timeZone));
  row(sheet, 'Проверка подписи', 'Подпись действительна, документ после подписания не изменялся', {
    font: 'bold',
  });
  row(sheet, '', `Проверено ${dateAndTime(copy.madeAt, copy.timeZone)}`, { size: 8.5, colour: quiet });
}

function attestation(sheet: Sheet, copy: Certification): void {
  const { clerk, madeAt, timeZone, total, checkUrl } = copy;
  keepTogether(sheet, 205);
  rule(sheet, sheet.y + 12, 0.4);
  const top = sheet.y + 22;
  const whole = { width: width(sheet) };
  sheet.font('bold').fontSize(12).fillColor(ink);
  sheet.text('Копия электронного документа на бумажном носителе верна', margins.left, top, whole);
  sheet.font('text').fontSize(10);
  sheet.text(
    `Прошито, пронумеровано и скреплено печатью: ${sheetsInWords(total)}.`,
    margins.left,
    sheet.y + 3,
    whole,
  );

  const line = { left: margins.left + 172, width: 122 };
  const post = { left: margins.left, width: 162, text: clerk.post };
  const nameLeft = line.left + line.width + 14;
  const name = { left: nameLeft, width: margins.left + width(sheet) - nameLeft, text: clerk.name };
  const height = (block: typeof post) => sheet.heightOfString(block.text, { width: block.width });
  // Post and name end at the line that is signed, however long they are.
  const lineY = sheet.y + 18 + Math.max(height(post), height(name), 14);
  for (const block of [post, name])
    sheet.text(block.text, block.left, lineY + 2.5 - height(block), { width: block.width });
  sheet
    .moveTo(line.left, lineY)
    .lineTo(line.left + line.width, lineY)
    .lineWidth(0.6)
    .strokeColor(ink)
    .stroke();
  sheet.font('small').fontSize(7.5).fillColor(quiet);
  sheet.text('подпись', line.left, lineY + 2, { width: line.width, align: 'center' });

  const sealTop = lineY + 20;
  const radius = 19 * millimetre;
  const centre = { x: margins.left + radius + 4, y: sealTop + radius };
  sheet.circle(centre.x, centre.y, radius).dash(2, { space: 3 }).lineWidth(0.5).strokeColor(quiet).stroke();
  sheet.undash();
  sheet.font('small').fontSize(10).fillColor(quiet);
  sheet.text('М. П.', centre.x - 30, centre.y - 6, { width: 60, align: 'center' });
  sheet.font('text').fontSize(10.5).fillColor(ink);
  sheet.text(longDate(madeAt, timeZone), line.left, sealTop + 6, { width: line.width + 20 });

  const qrSize = 30 * millimetre;
  const qrLeft = margins.left + width(sheet) - qrSize;
  drawQr(sheet, checkUrl, qrLeft, sealTop, qrSize);
  sheet.font('small').fontSize(7.5).fillColor(quiet);
  sheet.text('Проверить документ:', line.left, sealTop + 52, { width: qrLeft - line.left - 12 });
  sheet.text(checkUrl, line.left, sheet.y + 1, { width: qrLeft - line.left - 12 });
}

const sheetRange = ({ from, to }: { from: number; to: number }) =>
  from === to ? `лист ${from}` : `листы ${from}–${to}`;
