import type { TicketView } from '../../protocol/api/tickets.ts';
import { now, showTime, showWait } from '../shared/clock.ts';
import { closingFigure } from '../shared/closing.ts';
import type { PhraseKey } from '../shared/dictionary.ts';
import { Icon, type IconName } from '../shared/icons.tsx';
import { t } from '../shared/language.ts';

/** What the person is to do now. */
export function TicketState({ view }: { view: TicketView }) {
  switch (view.state) {
    case 'waiting':
      return <Waiting view={view} />;
    case 'called':
      return <AtWindow view={view} icon="forward" text="ticket.called" where="ticket.go-to" />;
    case 'serving':
      return <AtWindow view={view} icon="check" text="ticket.serving" where="ticket.at-window" />;
    case 'issued':
      return <Told icon="clock" text="ticket.issued" how="ticket.issued-how" />;
    case 'held':
      return <Told icon="clock" text="ticket.held" how="ticket.held-how" />;
    case 'waiting-for-papers':
      return <Told icon="page" text="ticket.papers" how="ticket.papers-how" />;
    case 'done':
      return <Told icon="check" text="ticket.done" how="ticket.done-how" />;
    case 'no-show':
      return <NoShow view={view} />;
    case 'abandoned':
      return <Told icon="cross" text="ticket.abandoned" how="ticket.abandoned-how" />;
    case 'cancelled':
      return <Told icon="cross" text="ticket.cancelled" how="ticket.abandoned-how" />;
  }
}

function Waiting({ view }: { view: TicketView }) {
  const late = closingFigure(view.closing);
  const at = (minutes: number) => showTime(now.value + minutes * 60_000);
  return (
    <>
      <Headline icon="clock" text={view.ahead === 0 ? 'ticket.next' : 'ticket.waiting'} />
      <dl class="phone-figures">
        <div>
          <dt>{t('ticket.ahead')}</dt>
          <dd>{view.ahead === 0 ? t('kiosk.nobody') : t('people', { count: view.ahead })}</dd>
        </div>
        {view.wait && (
          <div>
            <dt>{t('ticket.wait')}</dt>
            <dd>{showWait(view.wait)}</dd>
          </div>
        )}
        {late && (
          <div>
            <dt>{late.name}</dt>
            <dd>{late.value}</dd>
          </div>
        )}
      </dl>
      <p>
        {view.ahead === 0 || !view.wait
          ? t('ticket.next-how')
          : t('ticket.at', { from: at(view.wait.fromMinutes), to: at(view.wait.toMinutes) })}
      </p>
    </>
  );
}

function NoShow({ view }: { view: TicketView }) {
  if (view.mayReturnUntil === null)
    return <Told icon="attention" text="ticket.no-show" how="ticket.no-show-how" />;
  return (
    <>
      <Headline icon="attention" text="ticket.no-show" />
      <p>{t('ticket.may-return', { time: showTime(view.mayReturnUntil) })}</p>
    </>
  );
}

interface AtWindowProps {
  view: TicketView;
  icon: IconName;
  text: PhraseKey;
  where: PhraseKey;
}

function AtWindow({ view, icon, text, where }: AtWindowProps) {
  return (
    <>
      <Headline icon={icon} text={text} />
      <p class="phone-window">
        <span>{t(where)}</span>
        <strong class="figures">{view.window}</strong>
      </p>
    </>
  );
}

function Headline({ icon, text }: { icon: IconName; text: PhraseKey }) {
  return (
    <h2>
      <Icon name={icon} size={28} />
      {t(text)}
    </h2>
  );
}

function Told({ icon, text, how }: { icon: IconName; text: PhraseKey; how: PhraseKey }) {
  return (
    <>
      <Headline icon={icon} text={text} />
      <p>{t(how)}</p>
    </>
  );
}
