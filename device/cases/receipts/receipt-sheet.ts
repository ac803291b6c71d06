import { pagesInWords, workingDaysInWords } from '../../../platform/paper/dates.ts';
import { keepTogether } from '../../../platform/paper/rows.ts';
import {
  finished,
  ink,
  margins,
  millimetre,
  newSheets,
  quiet,
  type Sheet,
} from '../../../platform/paper/sheet.ts';
import { drawQr } from '../../results/qr.ts';

export interface Receipt {
  branch: { name: string; address: string };
  caseNumber: string;
  /** Six digits with which the applicant asks for the state of the case. */
  checkCode: string;
  service: string;
  agency: string;
  normWorkingDays: number;
  documents: { title: string; pages: number }[];
  clerk: { name: string; post: string };
  /** In the branch's own time. */
  takenAt: string;
  madeAt: Date;
}

const codeSize = 34 * millimetre;
const signatureWidth = 50 * millimetre;

/**
 * What the applicant takes home: which papers were taken, and how to ask for the case (KEM-14). It names no
 * applicant, so that a lost one tells nobody whose case it is. The code is for the scanner of the kiosk.
 */
export async function writeReceipt(receipt: Receipt): Promise<Uint8Array> {
  const sheet = newSheets('Расписка в приёме документов', receipt.madeAt);
  sheet.addPage();
  const { width } = sheet.page;
  const whole = { width: width - margins.left - margins.right };
  const line = (text: string, size: number, font: 'text' | 'bold', colour = ink, gap = 4) => {
    sheet.font(font).fontSize(size).fillColor(colour);
    sheet.text(text, margins.left, sheet.y + gap, whole);
  };
  line(receipt.branch.name, 12, 'text', quiet, 0);
  line(receipt.branch.address, 12, 'text', quiet, 0);
  line('Расписка в приёме документов', 22, 'bold', ink, 16);
  line(`Дело ${receipt.caseNumber}`, 16, 'bold', ink, 8);
  line(receipt.service, 13, 'text');
  line(`Решение принимает: ${receipt.agency}`, 13, 'text');
  line(`Срок услуги: ${workingDaysInWords(receipt.normWorkingDays)}`, 13, 'text');
  line(`Документы приняты ${receipt.takenAt}`, 15, 'bold', ink, 18);
  for (const [index, { title, pages }] of receipt.documents.entries())
    line(`${index + 1}. ${title}, ${pagesInWords(pages)}`, 13, 'text');
  sheet.font('text').fontSize(13).fillColor(ink);
  const besideSignature = { width: whole.width - signatureWidth - 6 * millimetre };
  sheet.text(`${receipt.clerk.post} ${receipt.clerk.name}`, margins.left, sheet.y + 22, besideSignature);
  signatureLine(sheet);
  keepTogether(sheet, codeSize + 110);
  line('Как узнать, что с делом', 15, 'bold', ink, 22);
  line('В терминале отделения нажмите «Моё дело» и поднесите код к сканеру или наберите:', 13, 'text');
  const top = sheet.y + 12;
  drawQr(sheet, receiptCode(receipt), margins.left, top, codeSize);
  const beside = margins.left + codeSize + 24;
  sheet
    .font('text')
    .fontSize(13)
    .fillColor(quiet)
    .text('последние цифры номера', beside, top + 4);
  sheet.font('bold').fontSize(22).fillColor(ink).text(receipt.caseNumber.slice(-6), beside, sheet.y);
  sheet
    .font('text')
    .fontSize(13)
    .fillColor(quiet)
    .text('код', beside, sheet.y + 6);
  sheet.font('bold').fontSize(22).fillColor(ink).text(receipt.checkCode, beside, sheet.y);
  return await finished(sheet);
}

/** To the right of the clerk's name, on the line that it stands on. */
function signatureLine(sheet: Sheet): void {
  const right = sheet.page.width - margins.right;
  const y = sheet.y - 3;
  sheet.moveTo(right - signatureWidth, y).lineTo(right, y);
  sheet.lineWidth(0.6).strokeColor(ink).stroke();
  sheet.font('text').fontSize(9).fillColor(quiet);
  sheet.text('подпись', right - signatureWidth, y + 2, { width: signatureWidth, align: 'center' });
}

/** What the kiosk's scanner types: digits only, since a scanner knows one layout of keys. */
function receiptCode({ caseNumber, checkCode }: Receipt): string {
  return `${caseNumber.slice(-6)}-${checkCode}`;
}
