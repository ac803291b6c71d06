import type { TicketView } from '../../protocol/api.ts';
import { inLanguage, t } from '../shared/language.ts';
import { Qr } from './qr.tsx';

export function TicketNumber({ ticket }: { ticket: TicketView }) {
  return (
    <div class="number-block">
      <p class="number figures">{ticket.number}</p>
      <p class="number-service">{inLanguage(ticket.serviceTitle)}</p>
    </div>
  );
}

export function TicketQr({ ticket }: { ticket: TicketView }) {
  return (
    <div class="ticket-qr">
      <Qr text={ticket.statusUrl} label={t('kiosk.qr-label')} />
      <p>{t('kiosk.qr')}</p>
    </div>
  );
}
