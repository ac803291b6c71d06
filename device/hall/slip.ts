import type { TicketView } from '../../protocol/api/tickets.ts';
import type { Closing, Wait } from '../../protocol/api/wait.ts';
import { waitInHours } from '../../protocol/wait-hours.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { TicketSlip } from '../peripherals/driver.ts';

/** Making a format costs more than issuing a ticket; a branch has one zone. */
let format: { timeZone: string; of: Intl.DateTimeFormat } | undefined;

function timeText(at: string, timeZone: string): string {
  return formatOf(timeZone).format(new Date(at));
}

/** Hours and minutes only. */
function hourText(at: string, timeZone: string): string {
  return timeText(at, timeZone).slice(-5);
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  if (format?.timeZone !== timeZone)
    format = {
      timeZone,
      of: new Intl.DateTimeFormat('ru-RU', {
        timeZone,
        day: '2-digit',
        month: '2-digit',
        year: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
      }),
    };
  return format.of;
}

/** What the ticket says, in the branch's own time and in Russian. */
export function slipOf(
  ticket: TicketView,
  branch: Pick<BoxConfig['branch'], 'name' | 'timeZone'>,
  reprint: boolean,
  zone = '',
): TicketSlip {
  const { wait, ahead, closing } = ticket;
  const told = [wait ? waitText(wait) : '', closing ? closingText(closing, branch.timeZone) : ''];
  return {
    branch: branch.name.ru,
    number: ticket.number,
    service: ticket.serviceTitle.ru,
    issuedAt: timeText(ticket.issuedAt, branch.timeZone),
    wait: told.filter(text => text !== '').join('. '),
    ahead: ahead === 0 ? 'Вы следующий в очереди' : `Перед вами: ${ahead}`,
    statusUrl: ticket.statusUrl,
    zone,
    reprint,
  };
}

/** A ticket of a technician's test: it names no service, and its QR code leads to no ticket. */
export function trialSlip(branch: BoxConfig['branch'], at: Date, url: string): TicketSlip {
  return {
    branch: branch.name.ru,
    number: 'ПРОБА',
    service: 'Проверка принтера',
    issuedAt: timeText(at.toISOString(), branch.timeZone),
    ...{ wait: 'Этот талон не действует', ahead: '', statusUrl: url, reprint: false },
  };
}

function waitText(wait: Wait): string {
  const hours = waitInHours(wait);
  if (hours) return `Ожидание ${hours.from === hours.to ? 'около ' : `${hours.from}–`}${hours.to} ч`;
  const { fromMinutes, toMinutes } = wait;
  return fromMinutes === 0 ? `Ожидание до ${toMinutes} минут` : `Ожидание ${fromMinutes}–${toMinutes} минут`;
}

/** Only what makes somebody think again: on time is nothing to tell. */
function closingText({ at, chance }: Closing, timeZone: string): string {
  const hour = hourText(at, timeZone);
  switch (chance) {
    case 'likely':
      return '';
    case 'unsure':
      return `Приём до ${hour}, можем не успеть`;
    case 'unlikely':
      return `Сегодня можем не успеть: приём до ${hour}`;
    case 'over':
      return `Приём был до ${hour}, можем не успеть`;
  }
}
