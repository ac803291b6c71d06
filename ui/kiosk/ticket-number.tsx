import type { TicketView } from '../../protocol/api/tickets.ts';
import { inLanguage, language, t } from '../shared/language.ts';
import { Qr } from './qr.tsx';
import { firstLanguage } from './store.ts';

export function TicketNumber({ ticket }: { ticket: TicketView }) {
  return (
    <div class="number-block">
      <p class="number figures">{ticket.number}</p>
      <p class="number-service">{inLanguage(ticket.serviceTitle)}</p>
    </div>
  );
}

export function TicketQr({ ticket }: { ticket: TicketView }) {
  // The phone goes on in the language that was chosen here.
  const address =
    language.value === firstLanguage() ? ticket.statusUrl : `${ticket.statusUrl}?language=${language.value}`;
  return (
    <div class="ticket-qr">
      <Qr text={address} label={t('kiosk.qr-label')} />
      <p>{t('kiosk.qr')}</p>
    </div>
  );
}
