import { useEffect } from 'preact/hooks';
import { Button } from '../shared/components/button.tsx';
import { Message, Notice } from '../shared/components/notice.tsx';
import { t } from '../shared/language.ts';
import { DoneScreen } from './done-screen.tsx';
import { PaperDrawing } from './drawings.tsx';
import { type Order, order, rememberNumber } from './order.ts';
import { currentScreen, leaveTicket } from './screens.ts';
import { TicketNumber, TicketQr } from './ticket-number.tsx';

/** From the touch on «Взять талон» to the number in hand. */
export function TicketScreen() {
  const now = order.value;
  // A refusal is told where the wish was made: beside the same button.
  useEffect(() => {
    if (currentScreen().name === 'ticket' && (now === null || now.phase === 'refused')) leaveTicket();
  }, [now?.phase]);
  if (now?.phase === 'sending' || now?.phase === 'printing') return <Printing />;
  if (now?.phase === 'no-paper') return <NoPaper order={now} />;
  if (now?.phase === 'held') return <DoneScreen ticket={now.ticket} />;
  return null;
}

function Printing() {
  return (
    <section class="screen ticket printing" role="status">
      <h1 tabIndex={-1}>{t('kiosk.printing')}</h1>
      <PaperDrawing />
      <p class="ticket-lead">{t('kiosk.printing-hint')}</p>
    </section>
  );
}

function NoPaper({ order: now }: { order: Extract<Order, { phase: 'no-paper' }> }) {
  return (
    <section class="screen ticket no-paper">
      <h1 tabIndex={-1}>{t('kiosk.your-number')}</h1>
      <div class="ticket-top">
        <TicketNumber ticket={now.ticket} />
        <TicketQr ticket={now.ticket} />
      </div>
      {now.error ? (
        <Notice error={now.error} title={t('kiosk.no-paper')} />
      ) : (
        <Message tone="attention" title={t('kiosk.no-paper')}>
          <p>{t('kiosk.printer-slow')}</p>
        </Message>
      )}
      {now.refusal && <Notice error={now.refusal} />}
      <div class="screen-action">
        <Button kind="primary" onPress={() => void rememberNumber()} busy={now.asking}>
          {t('kiosk.remembered')}
        </Button>
      </div>
    </section>
  );
}
