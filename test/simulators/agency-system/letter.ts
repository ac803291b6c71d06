import { X509Certificate } from 'node:crypto';
import PDFDocument from 'pdfkit';
import type { GatewayAck, GatewayRequest } from '../../../protocol/gateway.ts';
import type { Agency, AgencyService } from './catalogue.ts';
import type { Signatory } from './identity.ts';

export interface LetterInput {
  agency: Agency;
  service: AgencyService;
  request: GatewayRequest;
  ack: GatewayAck;
  documents: number;
  at: Date;
  officer: Signatory;
}

type Pdf = PDFKit.PDFDocument;

const fonts = '/usr/share/fonts/truetype/paratype';
const millimetre = 72 / 25.4;
/** GOST R 7.0.97-2016 clause 3.3: 20 mm left, 10 right, 20 above and below; a little more air on the right. */
const page = { left: 25 * millimetre, right: 15 * millimetre, top: 18 * millimetre, bottom: 18 * millimetre };
const ink = '#16181d';
const quiet = '#5b6270';
const blue = '#1f3f82';

/** One page, PDF/A-2b, that reads as a letter of an authority does: heading, date and number, decision, signature mark. */
export async function writeLetter(input: LetterInput): Promise<Uint8Array> {
  const pdf = new PDFDocument({
    size: 'A4',
    margins: page,
    subset: 'PDF/A-2b',
    pdfVersion: '1.7',
    lang: 'ru-RU',
    displayTitle: true,
    font: `${fonts}/PTF55F.ttf`,
    info: {
      // pdfkit copies these into XML as they are.
      Title: `${input.service.resultTitle} ${input.ack.registrationNumber}`.replace(/[<>&]/g, ' '),
      Author: input.agency.title.replace(/[<>&]/g, ' '),
      CreationDate: input.at,
      ModDate: input.at,
    },
  });
  pdf.registerFont('text', `${fonts}/PTF55F.ttf`);
  pdf.registerFont('bold', `${fonts}/PTF75F.ttf`);
  pdf.registerFont('plain', `${fonts}/PTS55F.ttf`);
  pdf.registerFont('plain-bold', `${fonts}/PTS75F.ttf`);
  const bytes = collect(pdf);
  heading(pdf, input);
  numbers(pdf, input);
  body(pdf, input);
  signatureBlock(pdf, input.officer);
  footer(pdf, input);
  pdf.end();
  return await bytes;
}

const width = (pdf: Pdf) => pdf.page.width - page.left - page.right;

function heading(pdf: Pdf, { agency }: LetterInput): void {
  emblem(pdf, pdf.page.width / 2 + (page.left - page.right) / 2, page.top);
  pdf.fillColor(ink).font('bold').fontSize(14);
  pdf.text(unbroken(agency.title).toLocaleUpperCase('ru'), page.left + 40, page.top + 58, {
    width: width(pdf) - 80,
    align: 'center',
    lineGap: 1,
  });
  pdf.font('text').fontSize(9).fillColor(quiet);
  pdf.text('Приозёрская область, г. Верхнеозёрск, Набережная улица, дом 4', page.left, pdf.y + 5, {
    width: width(pdf),
    align: 'center',
  });
  const y = pdf.y + 8;
  pdf
    .moveTo(page.left, y)
    .lineTo(page.left + width(pdf), y)
    .lineWidth(1.4)
    .strokeColor(ink)
    .stroke();
  pdf
    .moveTo(page.left, y + 3)
    .lineTo(page.left + width(pdf), y + 3)
    .lineWidth(0.4)
    .stroke();
  pdf.y = y + 20;
}

/** Arms of an invented region: a shield with a tower over water. No real emblem of a state is drawn. */
function emblem(pdf: Pdf, centre: number, top: number): void {
  const left = centre - 19;
  pdf.save().translate(left, top).lineWidth(1.2).strokeColor(ink).fillColor(ink);
  pdf.path('M0 0 H38 V26 C38 38 28 44 19 49 C10 44 0 38 0 26 Z').stroke();
  pdf.path('M13 27 V13 H11 V8 H14.5 V10.5 H17.2 V8 H20.8 V10.5 H23.5 V8 H27 V13 H25 V27 Z').fill();
  pdf.path('M17.2 27 V21.5 C17.2 19 20.8 19 20.8 21.5 V27 Z').fill('#ffffff');
  pdf.lineWidth(1.3);
  for (const [x, y, waves] of [
    [3, 31, 4],
    [6, 36, 3.2],
    [11, 41, 2],
  ] as const) {
    pdf.moveTo(x, y);
    for (let wave = 0; wave < Math.floor(waves); wave++) pdf.path(wavePath(x + wave * 8, y)).stroke();
  }
  pdf.restore();
}

function wavePath(x: number, y: number): string {
  return `M${x} ${y} q2 -2.6 4 0 t4 0`;
}

function numbers(pdf: Pdf, { request, ack, at }: LetterInput): void {
  const top = pdf.y;
  const half = width(pdf) / 2;
  pdf.font('text').fontSize(11).fillColor(ink);
  pdf.text(`${longDate(at)} № ${ack.registrationNumber}`, page.left, top, { width: half });
  pdf.text(`На дело № ${request.caseNumber}`, page.left, pdf.y + 3, { width: half });
  pdf.text(`от ${longDate(new Date(request.sentAt))}`, { width: half });
  const after = pdf.y;
  pdf.text('Многофункциональный центр', page.left + half + 30, top, { width: half - 30 });
  pdf.text('предоставления государственных', { width: half - 30 });
  pdf.text('и муниципальных услуг', { width: half - 30 });
  pdf.text(`Отделение ${request.branchId}`, page.left + half + 30, pdf.y + 3, { width: half - 30 });
  pdf.y = Math.max(after, pdf.y) + 36;
}

function body(pdf: Pdf, { agency, service, request, ack, documents, at }: LetterInput): void {
  const whole = { width: width(pdf), align: 'center' } as const;
  pdf
    .font('bold')
    .fontSize(15)
    .fillColor(ink)
    .text('РЕШЕНИЕ', page.left, pdf.y, { ...whole, characterSpacing: 2 });
  pdf
    .font('text')
    .fontSize(12.5)
    .text('о предоставлении услуги', page.left, pdf.y + 3, whole);
  pdf.y += 20;
  const paragraph = { width: width(pdf), indent: 12.5 * millimetre, lineGap: 3.5 } as const;
  pdf.fontSize(12);
  const paragraphs = [
    `${agency.title}, рассмотрев заявление и ${copies(documents)}, поступившие ${longDate(new Date(ack.receivedAt))} в электронной форме по делу № ${request.caseNumber} (регистрационный номер ${ack.registrationNumber}), сообщает следующее.`,
    'Электронные подписи под документами проверены и признаны действительными. Оснований для отказа, предусмотренных административным регламентом, не установлено.',
    `Принято решение: предоставить услугу «${service.title}».`,
    `Результат предоставления услуги: ${service.resultTitle}. Дата решения: ${longDate(at).replace(/\.$/, '')}.`,
    'Решение может быть обжаловано в досудебном порядке или в суде в сроки, установленные законом. Заявитель вправе получить бумажный экземпляр этого документа в отделении, в котором подано заявление.',
  ];
  for (const text of paragraphs) pdf.text(unbroken(text), page.left, pdf.y + 5, paragraph);
}

/**
 * The mark that stands for a handwritten signature: «Документ подписан электронной подписью», number and
 * term of the certificate, its owner. It touches no other text.
 */
function signatureBlock(pdf: Pdf, officer: Signatory): void {
  const certificate = new X509Certificate(officer.certificatePem);
  const name = subjectPart(certificate, 'CN');
  const top = pdf.y + 30;
  const mark = { x: page.left + width(pdf) * 0.33, width: width(pdf) * 0.42, height: 74 };
  pdf.font('text').fontSize(12).fillColor(ink);
  pdf.text(subjectPart(certificate, 'title'), page.left, top + 20, { width: mark.x - page.left - 14 });
  pdf.text(withInitials(name), mark.x + mark.width + 12, top + 29, {
    width: page.left + width(pdf) - mark.x - mark.width - 12,
    align: 'right',
  });
  pdf.roundedRect(mark.x, top, mark.width, mark.height, 7).lineWidth(1.1).strokeColor(blue).stroke();
  const inside = { width: mark.width - 20 };
  const left = mark.x + 10;
  pdf.fillColor(blue).font('plain-bold').fontSize(8.5);
  pdf.text('ДОКУМЕНТ ПОДПИСАН', left, top + 9, { ...inside, align: 'center' });
  pdf.text('ЭЛЕКТРОННОЙ ПОДПИСЬЮ', { ...inside, align: 'center' });
  pdf.font('plain').fontSize(7.5);
  pdf.text(`Сертификат: ${certificate.serialNumber.toLowerCase()}`, left, pdf.y + 5, {
    ...inside,
    lineBreak: true,
  });
  pdf.text(`Владелец: ${name}`, left, pdf.y + 1, inside);
  const term = `с ${shortDate(certificate.validFromDate)} по ${shortDate(certificate.validToDate)}`;
  pdf.text(`Действителен: ${term}`, left, pdf.y + 1, inside);
}

function footer(pdf: Pdf, { ack, request }: LetterInput): void {
  const y = pdf.page.height - page.bottom - 26;
  pdf
    .moveTo(page.left, y)
    .lineTo(page.left + width(pdf), y)
    .lineWidth(0.4)
    .strokeColor(quiet)
    .stroke();
  pdf.font('plain').fontSize(8).fillColor(quiet);
  pdf.text(`${ack.registrationNumber} · дело № ${request.caseNumber}`, page.left, y + 5, {
    width: width(pdf),
  });
  pdf.text('Демонстрационный документ вымышленной области. Юридической силы не имеет.', {
    width: width(pdf),
  });
}

/** Short words, «№» and days stay with the word that follows. */
function unbroken(text: string): string {
  return text.replace(/(?<=^|\s)(по|и|в|о|об|на|с|№|\d+) /giu, '$1\u00a0').replaceAll(' г.', '\u00a0г.');
}

function copies(count: number): string {
  const form = new Intl.PluralRules('ru').select(count);
  const words = { one: 'электронный документ', few: 'электронных документа', many: 'электронных документов' };
  return `${count} ${form === 'one' || form === 'few' ? words[form] : words.many}`;
}

function subjectPart(certificate: X509Certificate, part: string): string {
  const line = certificate.subject.split('\n').find(each => each.startsWith(`${part}=`));
  return line?.slice(part.length + 1) ?? '';
}

/** «Образцова Вера Примеровна» → «В. П. Образцова», with spaces that do not break. */
function withInitials(name: string): string {
  const [family = '', ...given] = name.split(' ');
  return [...given.map(each => `${each.slice(0, 1)}.`), family].join(' ');
}

function longDate(date: Date): string {
  return date.toLocaleDateString('ru-RU', { dateStyle: 'long', timeZone: 'Europe/Moscow' });
}

function shortDate(date: Date): string {
  return date.toLocaleDateString('ru-RU', { timeZone: 'Europe/Moscow' });
}

async function collect(pdf: Pdf): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of pdf) chunks.push(Buffer.from(chunk as Uint8Array));
  return new Uint8Array(Buffer.concat(chunks));
}
