import { useSignal } from '@preact/signals';
import type { TicketView } from '../../protocol/api/tickets.ts';
import { Button } from '../shared/components/button.tsx';
import { Ask } from '../shared/components/dialog.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { RatingForm } from '../shared/components/rating-form.tsx';
import { t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { act, hall, tell } from './store.ts';

/** What the person may do with the ticket: come back after a missed call, give it up, rate the visit. */
export function TicketActs({ view }: { view: TicketView }) {
  const asking = useSignal(false);
  const { busy, error } = act.value;
  return (
    <div class="phone-acts">
      {error && <Notice error={error} />}
      {view.state === 'no-show' && view.mayReturnUntil !== null && (
        <Button kind="primary" busy={busy} onPress={() => void tell('return')}>
          {t('ticket.return')}
        </Button>
      )}
      {view.mayCancel && (
        <Button
          busy={busy}
          onPress={() => {
            asking.value = true;
          }}
        >
          {t('ticket.cancel')}
        </Button>
      )}
      {asking.value && (
        <Ask
          question={t('ticket.cancel-ask', { number: view.number })}
          yes={t('ticket.cancel')}
          onYes={() => {
            asking.value = false;
            void tell('cancel');
          }}
          onNo={() => {
            asking.value = false;
          }}
        />
      )}
      {view.state === 'done' && <Rate ticketId={view.id} />}
    </div>
  );
}

function Rate({ ticketId }: { ticketId: string }) {
  const done = useSignal(false);
  const aspects = heldValue(hall)?.ratingAspects ?? [];
  if (aspects.length === 0) return null;
  return (
    <section class="phone-card phone-part">
      <h2>{t(done.value ? 'rating.thanks' : 'rating.title')}</h2>
      <p>{t(done.value ? 'rating.thanks-how' : 'rating.how')}</p>
      {!done.value && (
        <RatingForm
          aspects={aspects}
          ticketId={ticketId}
          onDone={() => {
            done.value = true;
          }}
        />
      )}
    </section>
  );
}
