import type { TicketView } from '../../protocol/api.ts';
import { now, showTime, showWait } from '../shared/clock.ts';
import { LanguageSwitch } from '../shared/components/language-switch.tsx';
import { Loaded } from '../shared/components/states.tsx';
import { FreshnessMark } from '../shared/components/status.tsx';
import type { PhraseKey } from '../shared/dictionary.ts';
import { Icon, type IconName } from '../shared/icons.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { branch, ticket } from './store.ts';

export function TicketPage() {
  const place = heldValue(branch);
  return (
    <div class="phone">
      <header class="phone-head">
        <p>{place ? inLanguage(place.name) : '\u00a0'}</p>
        <LanguageSwitch />
      </header>
      <main>
        {ticket.held.value.kind !== 'ready' && <h1 class="visually-hidden">{t('ticket.page')}</h1>}
        <Loaded held={ticket.held.value} onRetry={() => void ticket.refresh()} rows={5}>
          {view => <TicketCard view={view} />}
        </Loaded>
      </main>
      <footer class="phone-foot">
        <FreshnessMark />
        <p>{t('ticket.keep-open')}</p>
        {place && <p>{inLanguage(place.address)}</p>}
      </footer>
    </div>
  );
}

function TicketCard({ view }: { view: TicketView }) {
  return (
    <article class={`phone-card state-${view.state}`}>
      <h1>
        <span>{t('ticket.page')}</span>
        <strong class="figures">{view.number}</strong>
      </h1>
      <div class="phone-state" role="status">
        <State view={view} />
      </div>
      <dl class="phone-more">
        <div>
          <dt>{t('ticket.service')}</dt>
          <dd>{inLanguage(view.serviceTitle)}</dd>
        </div>
        <div>
          <dt>{t('ticket.issued-at')}</dt>
          <dd>
            <time>{showTime(view.issuedAt)}</time>
          </dd>
        </div>
      </dl>
    </article>
  );
}

function State({ view }: { view: TicketView }) {
  switch (view.state) {
    case 'waiting':
      return <Waiting view={view} />;
    case 'called':
      return (
        <>
          <Headline icon="forward" text="ticket.called" />
          <p class="phone-window">
            <span>{t('ticket.go-to')}</span>
            <strong class="figures">{view.window}</strong>
          </p>
        </>
      );
    case 'serving':
      return (
        <>
          <Headline icon="check" text="ticket.serving" />
          <p class="phone-window">
            <span>{t('ticket.at-window')}</span>
            <strong class="figures">{view.window}</strong>
          </p>
        </>
      );
    case 'issued':
      return <Told icon="clock" text="ticket.issued" how="ticket.issued-how" />;
    case 'done':
      return <Told icon="check" text="ticket.done" how="ticket.done-how" />;
    case 'no-show':
      return <Told icon="attention" text="ticket.no-show" how="ticket.no-show-how" />;
    case 'held':
      return <Told icon="clock" text="ticket.held" how="ticket.held-how" />;
    case 'waiting-for-papers':
      return <Told icon="clock" text="ticket.papers" how="ticket.papers-how" />;
    case 'cancelled':
      return <Told icon="cross" text="ticket.cancelled" how="ticket.abandoned-how" />;
    case 'abandoned':
      return <Told icon="cross" text="ticket.abandoned" how="ticket.abandoned-how" />;
  }
}

function Waiting({ view }: { view: TicketView }) {
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
      </dl>
      <p>
        {view.ahead === 0 || !view.wait
          ? t('ticket.next-how')
          : t('ticket.at', { from: at(view.wait.fromMinutes), to: at(view.wait.toMinutes) })}
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
