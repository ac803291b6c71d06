import type { HallLive, HallTicket } from '../../protocol/api/hall.ts';
import { showTime } from '../shared/clock.ts';
import { Empty } from '../shared/components/states.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { timerTone } from '../shared/time.ts';
import { ticketId } from './store.ts';

export const stateOf = ({ state, window }: HallTicket) => t(`hall.ticket.${state}`, { window: window ?? '' });

/** Everybody in the hall, those in line in the order of calling. */
export function Tickets({ view }: { view: HallLive }) {
  if (view.tickets.length === 0) return <Empty icon="check">{t('hall.tickets-empty')}</Empty>;
  return (
    <table class="lines">
      <thead>
        <tr>
          <th scope="col">{t('hall.number')}</th>
          <th scope="col">{t('hall.service')}</th>
          <th scope="col">{t('hall.state')}</th>
          <th scope="col" class="number-cell">
            {t('hall.waited')}
          </th>
          <th scope="col" class="number-cell">
            {t('hall.due')}
          </th>
        </tr>
      </thead>
      <tbody>
        {view.tickets.map(ticket => (
          <TicketLine key={ticket.ticketId} ticket={ticket} view={view} />
        ))}
      </tbody>
    </table>
  );
}

function TicketLine({ ticket, view }: { ticket: HallTicket; view: HallLive }) {
  const privilege = view.privileges.find(({ id }) => id === ticket.privilege);
  const tone = ticket.state === 'waiting' ? timerTone(ticket.waitedMinutes, view.normMinutes) : 'calm';
  return (
    <tr>
      <th scope="row">
        <button
          type="button"
          class="link figures"
          aria-label={t('hall.change-of', { number: ticket.number })}
          onClick={() => {
            ticketId.value = ticket.ticketId;
          }}
        >
          {ticket.number}
        </button>
      </th>
      <td>
        {inLanguage(ticket.serviceTitle)}
        <small>
          {[t(`hall.purpose.${ticket.purpose}`), privilege && inLanguage(privilege.title)]
            .concat(ticket.more.map(({ title }) => `+ ${inLanguage(title)}`))
            .filter(Boolean)
            .join(' · ')}
        </small>
      </td>
      <td>
        <StatusDot tone={ticket.state === 'waiting' ? 'waiting' : 'serving'}>{stateOf(ticket)}</StatusDot>
      </td>
      <td class={`number-cell queue-time ${tone}`}>{ticket.waitedMinutes}</td>
      <td class="number-cell">{ticket.state === 'waiting' ? showTime(ticket.dueAt) : ''}</td>
    </tr>
  );
}
