import { useState } from 'preact/hooks';
import type { HallLive, HallTicket } from '../../protocol/api/hall.ts';
import type { Purpose } from '../../protocol/hall-rules.ts';
import { Button } from '../shared/components/button.tsx';
import { Choice } from '../shared/components/choice.tsx';
import { Ask, Dialog } from '../shared/components/dialog.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { act, busy, failure, ticketId } from './store.ts';
import { stateOf } from './tickets.tsx';

const purposes: Purpose[] = ['submit', 'consult', 'result', 'appointment'];

/** What an administrator may do with a ticket; each act takes its reason along. */
export function TicketDialog({ ticket, view }: { ticket: HallTicket; view: HallLive }) {
  // Only what was chosen here: what somebody else changes meanwhile is not taken back.
  const [wish, setWish] = useState<Partial<Pick<HallTicket, 'serviceId' | 'purpose' | 'privilege'>>>({});
  const { serviceId, purpose, privilege } = { ...ticket, ...wish };
  const [reason, setReason] = useState(view.reasons[0]?.id ?? 'other');
  const [asks, setAsks] = useState(false);
  const close = () => {
    ticketId.value = null;
    failure.value = null;
  };
  const doAndClose = (what: string, body?: object) =>
    void act(`tickets/${ticket.ticketId}/${what}`, body).then(done => done && close());
  const changes = {
    ...(serviceId !== ticket.serviceId && { serviceId }),
    ...(purpose !== ticket.purpose && { purpose }),
    ...(privilege !== ticket.privilege && { privilege }),
  };
  const isSame = Object.keys(changes).length === 0;
  return (
    <Dialog
      title={t('hall.change-of', { number: ticket.number })}
      onClose={close}
      class="ticket-dialog"
      actions={
        <>
          <Button onPress={() => doAndClose('reprint')} busy={busy.value}>
            {t('hall.reprint')}
          </Button>
          {ticket.state !== 'waiting' && ticket.state !== 'issued' && (
            <Button onPress={() => doAndClose('return')} busy={busy.value}>
              {t('hall.give-back')}
            </Button>
          )}
          <Button onPress={() => setAsks(true)} busy={busy.value}>
            {t('hall.cancel-ticket')}
          </Button>
          <Button
            kind="primary"
            busy={busy.value}
            disabled={isSame}
            onPress={() => doAndClose('change', { reason, ...changes })}
          >
            {t('hall.save')}
          </Button>
        </>
      }
    >
      <p>{stateOf(ticket)}</p>
      {failure.value && <Notice error={failure.value} />}
      <Choice
        label={t('hall.service')}
        value={serviceId}
        onChange={id => setWish({ ...wish, serviceId: id })}
        options={view.services.map(({ serviceId: id, title }) => [id, inLanguage(title)])}
      />
      <Choice
        label={t('hall.purpose')}
        value={purpose}
        onChange={value => setWish({ ...wish, purpose: value as Purpose })}
        options={purposes.map(id => [id, t(`hall.purpose.${id}`)])}
      />
      <Choice
        label={t('hall.privilege')}
        value={privilege ?? ''}
        onChange={value => setWish({ ...wish, privilege: value === '' ? null : value })}
        options={[
          ['', t('hall.no-privilege')],
          ...view.privileges.map(({ id, title }): [string, string] => [id, inLanguage(title)]),
        ]}
      />
      <Choice
        label={t('hall.reason')}
        value={reason}
        onChange={setReason}
        options={view.reasons.map(({ id, title }) => [id, inLanguage(title)])}
      />
      <p class="soft">{t('hall.reason-how')}</p>
      {asks && (
        <Ask
          question={t('hall.cancel-sure', { number: ticket.number })}
          yes={t('hall.cancel-ticket')}
          onNo={() => setAsks(false)}
          onYes={() => {
            setAsks(false);
            doAndClose('cancel', { reason });
          }}
        />
      )}
    </Dialog>
  );
}
