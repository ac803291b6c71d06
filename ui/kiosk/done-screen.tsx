import { useEffect, useState } from 'preact/hooks';
import type { TicketView } from '../../protocol/api/tickets.ts';
import { showWait } from '../shared/clock.ts';
import { closingFigure } from '../shared/closing.ts';
import { Button } from '../shared/components/button.tsx';
import { Icon } from '../shared/icons.tsx';
import { t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { PaperDrawing } from './drawings.tsx';
import { startOver } from './screens.ts';
import { branch } from './store.ts';
import { TicketNumber, TicketQr } from './ticket-number.tsx';

const shownSeconds = 10;
const moreSeconds = 30;

/** The number in hand. Goes back to the start by itself, so that the next person does not see it. */
export function DoneScreen({ ticket }: { ticket: TicketView }) {
  const [left, setLeft] = useState(shownSeconds);
  useEffect(() => {
    const timer = setInterval(() => setLeft(seconds => seconds - 1), 1000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (left <= 0) startOver();
  }, [left]);
  const late = closingFigure(ticket.closing);
  const onPaper = ticket.print.state === 'printed' || ticket.print.state === 'recovered';
  return (
    <section class="screen ticket done">
      <h1 tabIndex={-1}>{t('kiosk.your-number')}</h1>
      <div class="ticket-top">
        <TicketNumber ticket={ticket} />
        <dl class="done-facts">
          {!heldValue(branch)?.alone && (
            <div>
              <dt>{t('kiosk.ahead')}</dt>
              <dd>{ticket.ahead === 0 ? t('kiosk.ahead-none') : t('people', { count: ticket.ahead })}</dd>
            </div>
          )}
          {ticket.wait && (
            <div>
              <dt>{t('kiosk.called-in')}</dt>
              <dd>{showWait(ticket.wait)}</dd>
            </div>
          )}
          {late && (
            <div>
              <dt>{late.name}</dt>
              <dd>{late.value}</dd>
            </div>
          )}
        </dl>
      </div>
      <div class="done-take">
        {onPaper ? (
          <div class="take-paper">
            <PaperDrawing />
            <p>
              <strong>{t('kiosk.take-paper')}</strong>
              {t('kiosk.take-paper-where')}
            </p>
          </div>
        ) : (
          <div class="take-paper">
            <Icon name="check" size={96} />
            <p>
              <strong>{t('kiosk.number-valid')}</strong>
              {t('kiosk.number-valid-how')}
            </p>
          </div>
        )}
        <TicketQr ticket={ticket} />
      </div>
      <div class="screen-action done-actions">
        <p class="figures">{t('kiosk.back-in', { count: Math.max(0, left) })}</p>
        <Button onPress={() => setLeft(moreSeconds)}>{t('kiosk.more-time')}</Button>
        <Button kind="primary" onPress={startOver}>
          {t('kiosk.done')}
        </Button>
      </div>
    </section>
  );
}
