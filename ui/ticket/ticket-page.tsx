import type { TicketView } from '../../protocol/api/tickets.ts';
import { showTime } from '../shared/clock.ts';
import { LanguageSwitch } from '../shared/components/language-switch.tsx';
import { Loaded } from '../shared/components/states.tsx';
import { FreshnessMark } from '../shared/components/status.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { branch, offeredLanguages, ticket } from './store.ts';
import { TicketActs } from './ticket-acts.tsx';
import { TicketCases } from './ticket-cases.tsx';
import { TicketState } from './ticket-state.tsx';

export function TicketPage() {
  const place = heldValue(branch);
  return (
    <div class="phone">
      <header class="phone-head">
        <p>{place ? inLanguage(place.name) : '\u00a0'}</p>
        <div class="phone-languages">
          <LanguageSwitch offered={offeredLanguages()} />
        </div>
      </header>
      <main>
        {ticket.held.value.kind !== 'ready' && <h1 class="visually-hidden">{t('ticket.page')}</h1>}
        <Loaded held={ticket.held.value} onRetry={() => void ticket.refresh()} rows={5}>
          {view => (
            <>
              <TicketCard view={view} />
              <TicketActs view={view} />
              <TicketCases />
            </>
          )}
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
  const services = [view.serviceTitle, ...view.more.map(({ title }) => title)];
  return (
    <article class={`phone-card state-${view.state}`}>
      <h1>
        <span>{t('ticket.page')}</span>
        <strong class="figures">{view.number}</strong>
      </h1>
      <div class="phone-state" role="status">
        <TicketState view={view} />
      </div>
      <dl class="phone-more">
        <div>
          <dt>{t('ticket.service')}</dt>
          {services.map(title => (
            <dd key={title.ru}>{inLanguage(title)}</dd>
          ))}
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
