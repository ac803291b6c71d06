import { longDate, shortDate } from '../../platform/paper/dates.ts';
import { inGroups, keepTogether, row, rule, section, width } from '../../platform/paper/rows.ts';
import { finished, ink, margins, newSheets, quiet, type Sheet } from '../../platform/paper/sheet.ts';
import type { ActView } from '../../protocol/api/archive.ts';

const titles = {
  destruction: 'АКТ О ВЫДЕЛЕНИИ К УНИЧТОЖЕНИЮ ЭЛЕКТРОННЫХ ДОКУМЕНТОВ',
  'hand-over': 'ОПИСЬ ЭЛЕКТРОННЫХ ДОКУМЕНТОВ ПОСТОЯННОГО ХРАНЕНИЯ',
};
const states = {
  prepared: 'составлен, ждёт утверждения',
  approved: 'утверждён, исполняется',
  rejected: 'отклонён',
  done: 'исполнен',
};
const outcomes = {
  destroyed: 'уничтожено',
  'handed-over': 'передано',
  held: 'оставлено: действует запрет',
  'not-due': 'оставлено: срок не вышел',
  rejected: 'оставлено: акт отклонён',
};

/** An act for people, PDF/A-2b; the same input gives the same bytes. */
export async function actAsPdf(act: ActView, region: string, timeZone: string): Promise<Uint8Array> {
  const preparedAt = new Date(act.prepared.at);
  const sheet = newSheets(`${titles[act.kind]} № ${act.number}`, preparedAt, { subset: 'PDF/A-2b' });
  const day = (text: string) => shortDate(new Date(text), timeZone);
  sheet.addPage();
  const centred = { width: width(sheet), align: 'center' } as const;
  sheet.font('text').fontSize(10.5).fillColor(quiet).text(region, margins.left, margins.top, centred);
  sheet
    .font('bold')
    .fontSize(14)
    .fillColor(ink)
    .text(titles[act.kind], { ...centred, lineGap: 2 });
  sheet.font('text').fontSize(11);
  sheet.text(`№ ${act.number} от ${longDate(preparedAt, timeZone)}`, centred);
  section(sheet, 'Сведения');
  row(sheet, 'Основание', act.reason);
  row(sheet, 'Состояние', states[act.state], { font: 'bold' });
  row(sheet, 'Документов', `${act.entries}, всего ${act.sizeBytes.toLocaleString('ru-RU')} байт`);
  row(sheet, 'Составил', `${act.prepared.name}, ${day(act.prepared.at)}`);
  if (act.decided) {
    const verb = act.state === 'rejected' ? 'Отклонил' : 'Утвердил';
    row(sheet, verb, `${act.decided.name}, ${day(act.decided.at)}`);
    if (act.decided.reason) row(sheet, 'Причина', act.decided.reason);
  }
  if (act.doneAt) row(sheet, 'Исполнен', day(act.doneAt));
  section(sheet, 'Перечень');
  for (const [index, entry] of act.list.entries()) writeEntry(sheet, index + 1, entry, day);
  return await finished(sheet);
}

function writeEntry(
  sheet: Sheet,
  number: number,
  entry: ActView['list'][number],
  day: (text: string) => string,
): void {
  keepTogether(sheet, 52);
  const what = entry.kind === 'package' ? 'пакет документов' : 'результат услуги';
  row(sheet, String(number), `Дело № ${entry.caseNumber}, ${what}`, { font: 'bold', size: 9.5 });
  row(sheet, '', entry.serviceTitle.ru, { size: 9 });
  const handedOut = entry.handedOutAt ? `выдано ${day(entry.handedOutAt)}` : 'не выдано';
  const term = entry.keepUntil ? `хранить по ${day(entry.keepUntil)}` : 'хранить постоянно';
  const outcome = entry.outcome ? `; ${outcomes[entry.outcome]}` : '';
  row(sheet, '', `${handedOut}, ${term}${outcome}`, { size: 9 });
  row(sheet, '', `SHA-256 ${inGroups(entry.sha256)}, ${entry.sizeBytes.toLocaleString('ru-RU')} байт`, {
    font: 'mono',
    size: 7,
    colour: quiet,
  });
  rule(sheet, sheet.y + 4, 0.2);
}
