import { spacedCode } from '../../protocol/appointments/spaced-code.ts';
import type { Timetable } from '../../protocol/appointments/timetable.ts';
import type { Service } from '../../protocol/register.ts';
import type { TicketPart } from '../../protocol/ticket-template.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { TicketSlip } from '../peripherals/driver.ts';

type Words = Extract<TicketPart, { kind: 'text' }>;

const text = (ru: string, afterMm: number, look: Partial<Pick<Words, 'size' | 'bold'>> = {}): TicketPart => ({
  ...{ kind: 'text', words: { ru: ru.slice(0, 200), en: '' }, size: 'normal', bold: false, ...look, afterMm },
});

/** The paper of an appointment: when, what for, what to bring, and the code that the kiosk reads. Names nobody. */
export function appointmentSlip(
  appointment: { code: string; day: string; at: string },
  parts: {
    branch: Pick<BoxConfig['branch'], 'name' | 'address'>;
    service: Pick<Service, 'title' | 'documents'>;
    timetable: Pick<Timetable, 'earlyMinutes' | 'lateMinutes'>;
  },
): TicketSlip {
  const { branch, service, timetable } = parts;
  const papers = service.documents.map(
    ({ title, required }) => `${title.ru}${required ? '' : ' (если есть)'}`,
  );
  const { earlyMinutes: early, lateMinutes: late } = timetable;
  return {
    ...{ branch: branch.name.ru, number: appointment.at, service: service.title.ru },
    ...{ issuedAt: '', wait: '', ahead: '', statusUrl: appointment.code, reprint: false },
    parts: [
      { kind: 'value', of: 'branch', size: 'normal', bold: true, afterMm: 0 },
      text(branch.address.ru, 4.5, { size: 'small' }),
      text('Вы записаны на приём', 3.5),
      text(dayText(appointment.day), 2, { size: 'large', bold: true }),
      { kind: 'number', times: 6, afterMm: 3.5 },
      { kind: 'value', of: 'service', size: 'normal', bold: true, afterMm: 4.5 },
      { kind: 'rule', afterMm: 3 },
      text('Возьмите с собой', 1.5, { bold: true }),
      ...papers.map((paper, index) => text(paper, index === papers.length - 1 ? 3 : 1)),
      { kind: 'rule', afterMm: 3 },
      text('Когда придёте, нажмите на терминале «Я по записи» и поднесите этот код', 3),
      { kind: 'qr', words: { ru: '', en: '' }, afterMm: 1.5 },
      text(spacedCode(appointment.code), 3, { size: 'large', bold: true }),
      text(`Отметиться можно за ${early} минут до времени записи и до ${late} минут после`, 1.5, {
        size: 'small',
      }),
      text('Зал и окно покажет табло', 0, { size: 'small' }),
    ],
  };
}

const longDay = new Intl.DateTimeFormat('ru-RU', {
  ...{ timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long' },
});

/** A day of a wall calendar has no zone. */
const dayText = (day: string) => longDay.format(new Date(`${day}T12:00:00Z`));
